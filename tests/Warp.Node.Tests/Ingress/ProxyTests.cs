using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Warp.Node.Tests.Ingress.Bed;
using Xunit;

namespace Warp.Node.Tests.Ingress;

public sealed class ProxyTests : IAsyncLifetime
{
    private const string App = "https://app-shop.apps.test";
    private const int Large = 100 * 1024 * 1024;
    private IngressBed _bed = null!;
    private WebService _service = null!;

    public static TheoryData<Version> Versions => [HttpVersion.Version11, HttpVersion.Version20];

    public async Task InitializeAsync()
    {
        _bed = await IngressBed.StartAsync();
        _service = await WebService.StartAsync();
        _bed.Dialer.Ports[IngressBed.Here] = _service.Port;
        _bed.ServeShop();
    }

    public async Task DisposeAsync()
    {
        _service.Slow.TrySetResult();
        await _bed.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_request_reaches_the_public_port_of_the_service_and_nothing_else_of_it_is_asked_for(Version version)
    {
        using var client = _bed.Client(version);

        (await client.GetStringAsync($"{App}/a%2Fb/../c?x=%20y&z")).ShouldStartWith("one GET /");

        var target = _bed.Dialer.Asked.ShouldHaveSingleItem();
        (target.Deployment.Value, target.Service.Value, target.Port).ShouldBe(("shop", "app", 8080));
        target.Runners.ShouldBe([IngressBed.Here]);
    }

    [Theory]
    [InlineData("/a%2Fb")]
    [InlineData("/%41%7e%27(x)")]
    [InlineData("/p?q=%20+&&r=%2F")]
    [InlineData("//double///slash")]
    public async Task The_target_arrives_as_the_client_wrote_it(string target)
    {
        using var client = _bed.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(App + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        using var answer = await client.SendAsync(request);

        (await answer.Content.ReadAsStringAsync()).ShouldBe($"one GET {target} HTTP/1.1");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_large_body_is_streamed_to_the_service(Version version)
    {
        using var client = _bed.Client(version);
        var body = RandomNumberGenerator.GetBytes(Large);
        using var content = new StreamContent(new MemoryStream(body));

        using var answer = await client.PostAsync($"{App}/digest", content);

        (await answer.Content.ReadAsStringAsync()).ShouldBe(Convert.ToHexString(SHA256.HashData(body)));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_large_answer_is_streamed_to_the_client(Version version)
    {
        using var client = _bed.Client(version);
        await using var answer = await client.GetStreamAsync($"{App}/bytes?count={Large}");
        var buffer = new byte[64 * 1024];
        var total = 0L;
        for (int read; (read = await answer.ReadAsync(buffer)) > 0;)
        {
            total += read;
        }

        total.ShouldBe(Large);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Each_piece_of_a_streamed_body_arrives_when_it_is_sent(Version version)
    {
        using var client = _bed.Client(version);
        var pipe = new Pipe();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{App}/pieces") { Content = new PiecewiseContent(pipe.Reader), Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var sending = client.SendAsync(request);
        for (var pieces = 1; pieces <= 3; pieces++)
        {
            await pipe.Writer.WriteAsync("ping"u8.ToArray());
            await Eventually.Is(() => _service.BytesReceived == pieces * 4, $"piece {pieces} is at the service");
        }

        await pipe.Writer.CompleteAsync();
        using var answer = await sending;
        (await answer.Content.ReadAsStringAsync()).ShouldBe("12");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_event_arrives_before_the_stream_ends(Version version)
    {
        using var client = _bed.Client(version);
        await using var stream = await client.GetStreamAsync($"{App}/events");
        using var lines = new StreamReader(stream);

        (await lines.ReadLineAsync()).ShouldBe("data: first");
        _service.Slow.SetResult();
        (await lines.ReadToEndAsync()).ShouldContain("data: second");
    }

    [Fact]
    public async Task Trailers_arrive()
    {
        using var raw = new RawService("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Checksum\r\n\r\n4\r\nbody\r\n0\r\nChecksum: 42\r\n\r\n");
        _bed.Dialer.Ports[IngressBed.Here] = raw.Port;
        using var client = _bed.Client(HttpVersion.Version20);
        using var answer = await client.GetAsync($"{App}/");

        (await answer.Content.ReadAsStringAsync()).ShouldBe("body");
        answer.TrailingHeaders.GetValues("Checksum").ShouldBe(["42"]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_WebSocket_is_carried(Version version)
    {
        using var invoker = new HttpMessageInvoker(_bed.Handler());
        using var socket = new ClientWebSocket { Options = { HttpVersion = version, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };
        await socket.ConnectAsync(new Uri("wss://app-shop.apps.test/socket"), invoker, CancellationToken.None);
        var buffer = new byte[1024];
        foreach (var word in (string[])["hello", "again"])
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(word), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            var message = await socket.ReceiveAsync(buffer, CancellationToken.None);
            Encoding.UTF8.GetString(buffer, 0, message.Count).ShouldBe(word);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        socket.CloseStatusDescription.ShouldBe("bye");
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_its_request_at_the_service()
    {
        using var client = _bed.Client();
        using var patience = new CancellationTokenSource();
        var waiting = client.GetAsync($"{App}/slow", patience.Token);
        await Eventually.Is(() => _service.Connections == 1, "the request is at the service");

        await patience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
        await Eventually.Is(() => _service.Connections == 0, "its connection is closed");
    }

    private sealed class PiecewiseContent(PipeReader source) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            for (ReadResult read; !(read = await source.ReadAsync()).IsCompleted || !read.Buffer.IsEmpty;)
            {
                foreach (var part in read.Buffer)
                {
                    await stream.WriteAsync(part);
                }

                await stream.FlushAsync();
                source.AdvanceTo(read.Buffer.End);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
