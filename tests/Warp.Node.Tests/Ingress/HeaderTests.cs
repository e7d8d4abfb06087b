using System.Net;
using Shouldly;
using Warp.Node.Tests.Ingress.Bed;
using Xunit;

namespace Warp.Node.Tests.Ingress;

public sealed class HeaderTests : IAsyncLifetime
{
    private const string App = "https://app-shop.apps.test";
    private IngressBed _bed = null!;
    private WebService _service = null!;

    public async Task InitializeAsync()
    {
        _bed = await IngressBed.StartAsync();
        _service = await WebService.StartAsync();
        _bed.Dialer.Ports[IngressBed.Here] = _service.Port;
        _bed.ServeShop();
    }

    public async Task DisposeAsync()
    {
        await _bed.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_service_learns_who_the_client_is_from_us(int version)
    {
        var headers = await HeadersAsync(version: version);

        headers.ShouldContain("Host: app-shop.apps.test", StringComparer.Ordinal);
        headers.ShouldContain("X-Forwarded-For: 127.0.0.1", StringComparer.Ordinal);
        headers.ShouldContain("X-Forwarded-Proto: https", StringComparer.Ordinal);
        headers.ShouldContain("X-Forwarded-Host: app-shop.apps.test", StringComparer.Ordinal);
        headers.ShouldContain("Forwarded: for=127.0.0.1;host=\"app-shop.apps.test\";proto=https", StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("x-forwarded-for")]
    [InlineData("X_Forwarded_For")]
    [InlineData("X-Forwarded-Proto")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X-Forwarded-Port")]
    [InlineData("X-Forwarded-User")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("X-Original-URL")]
    [InlineData("Proxy")]
    public async Task A_forged_header_does_not_arrive(string name) =>
        (await HeadersAsync((name, "forged"), (name, "6.6.6.6"))).ShouldAllBe(line => !line.Contains("forged", StringComparison.Ordinal) && !line.Contains("6.6.6.6", StringComparison.Ordinal));

    [Fact]
    public async Task What_the_client_names_in_Connection_ends_here_but_it_cannot_take_away_what_we_say()
    {
        var headers = await HeadersAsync(("Connection", "X-Secret-Hop, X-Forwarded-For, Host"), ("X-Secret-Hop", "1"), ("X-Other", "2"));

        headers.ShouldContain("X-Other: 2", StringComparer.Ordinal);
        headers.ShouldContain("X-Forwarded-For: 127.0.0.1", StringComparer.Ordinal);
        headers.ShouldContain("Host: app-shop.apps.test", StringComparer.Ordinal);
        headers.ShouldAllBe(line => !line.Contains("X-Secret-Hop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tracing_headers_of_the_client_pass_and_none_are_added()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        (await HeadersAsync(("traceparent", Trace))).ShouldContain($"traceparent: {Trace}", StringComparer.Ordinal);
        (await HeadersAsync()).ShouldAllBe(line => !line.StartsWith("traceparent", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_the_service_names_in_Connection_ends_here_too()
    {
        using var client = _bed.Client();
        using var answer = await client.GetAsync($"{App}/hop");

        answer.Headers.Contains("X-End-To-End").ShouldBeTrue();
        answer.Headers.Contains("X-Of-This-Hop").ShouldBeFalse();
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    private Task<string[]> HeadersAsync(params (string Name, string Value)[] sent) => HeadersAsync(1, sent);

    private async Task<string[]> HeadersAsync(int version, params (string Name, string Value)[] sent)
    {
        using var client = _bed.Client(version == 1 ? HttpVersion.Version11 : HttpVersion.Version20);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{App}/headers") { Version = client.DefaultRequestVersion, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        foreach (var (name, value) in sent)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        using var answer = await client.SendAsync(request);
        return (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
