using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;
using Xunit;

namespace Warp.Node.Tests.Http.Access;

/// <summary>A caller that asks too often waits, and nobody else does.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private const int Burst = 5;
    private const string Nothing = "/there/is/nothing";
    private ManagementBed _bed = null!;

    public async Task InitializeAsync() => _bed = await ManagementBed.StartAsync(rateLimit: new RateLimitSettings(1, Burst));

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Fact]
    public async Task Who_asks_too_often_is_told_the_limit_and_when_to_go_on()
    {
        using var admin = _bed.Client(_bed.Admin(), HttpVersion.Version20);

        using var refused = await RefusedAsync(admin);

        var problem = await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        problem.Detail().ShouldStartWith("warp://lab/admin/ops may ask this node 1 times a second, and 5 times at once; ask again in");
        int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture).ShouldBeInRange(1, Burst);
        await Eventually.Is(async () => (await admin.GetAsync(Nothing)).StatusCode == HttpStatusCode.NotFound, "the caller may go on");
    }

    [Fact]
    public async Task Others_do_not_notice()
    {
        using var admin = _bed.Client(_bed.Admin(), HttpVersion.Version20);
        using var reader = _bed.Client(_bed.Admin(AdminRole.Read));
        using var refused = await RefusedAsync(admin);

        (await reader.GetAsync(Nothing)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_has_no_certificate_is_limited_by_address_and_can_still_probe()
    {
        using var stranger = _bed.Client(certificate: null, HttpVersion.Version20);

        using var refused = await RefusedAsync(stranger);

        (await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests")).Detail().ShouldStartWith("127.0.0.1 may ask");
        for (var time = 0; time < 3 * Burst; time++)
        {
            (await stranger.GetStringAsync("/alive")).ShouldBe("OK");
        }
    }

    [Fact]
    public async Task The_socket_is_not_limited_and_the_refusals_are_in_the_audit_log()
    {
        using var admin = _bed.Client(_bed.Admin(), HttpVersion.Version20);
        using var local = _bed.Local();
        using var refused = await RefusedAsync(admin);

        for (var time = 0; time < 10 * Burst; time++)
        {
            (await local.GetAsync(Nothing)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        (await local.GetFromJsonAsync("/warp/v1/audit", ManagementJson.Default.AuditDocument))!.Entries.ShouldHaveSingleItem().Error.ShouldBe("too-many-requests");
    }

    // At once and over one connection, so that a slow machine does not give the caller the time for one after the other.
    private static async Task<HttpResponseMessage> RefusedAsync(HttpClient client)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20 * Burst).Select(_ => client.GetAsync(Nothing)));
        return answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
    }
}
