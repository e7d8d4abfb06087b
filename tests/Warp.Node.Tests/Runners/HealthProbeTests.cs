using System.Net;
using System.Net.Sockets;
using System.Text;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;
using Warp.Node.Runners;
using Xunit;

namespace Warp.Node.Tests.Runners;

/// <summary>The probes over the network, against listeners on loopback; commands are tried on a real engine in <c>Docker/DockerExecTests</c>.</summary>
public sealed class HealthProbeTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HealthProbe _probe = new(new NoExec());

    public HealthProbeTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _listener.Dispose();
        _probe.Dispose();
    }

    [Fact]
    public async Task A_port_that_accepts_is_well() => (await TcpAsync()).Well.ShouldBeTrue();

    [Fact]
    public async Task A_closed_port_is_named()
    {
        var port = Port;
        _listener.Stop();
        (await TcpAsync(port)).ShouldBe(new ProbeResult(false, $"port {port} refuses connections"));
        (await HttpAsync("/", port)).ShouldBe(new ProbeResult(false, $"port {port} refuses connections"));
    }

    [Theory]
    [InlineData("200 OK", true)]
    [InlineData("302 Found\r\nLocation: http://127.0.0.1:1/", true)]
    [InlineData("404 Not Found", false)]
    [InlineData("500 Oops", false)]
    public async Task An_answer_is_judged_by_its_status_and_a_redirect_is_not_followed(string status, bool well)
    {
        var serving = ServeAsync($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");

        var result = await HttpAsync("/health?deep=1");

        result.ShouldBe(new ProbeResult(well, $"GET /health?deep=1 on port {Port} answered {status[..3]}"));
        (await serving).ShouldStartWith("GET /health?deep=1 HTTP/1.1\r\n");
    }

    [Fact]
    public async Task An_answer_that_does_not_come_has_failed_in_time() =>
        (await _probe.ProbeAsync(Target, new Probe(HealthCheckKind.Http, Port, "/", []), TimeSpan.FromMilliseconds(300), default))
            .ShouldBe(new ProbeResult(false, $"GET / on port {Port} did not answer within 0.3 s"));

    [Fact]
    public async Task What_is_no_answer_has_failed()
    {
        var serving = ServeAsync("220 smtp.example\r\n");
        (await HttpAsync("/")).Well.ShouldBeFalse();
        await serving;
    }

    [Fact]
    public async Task A_container_without_an_address_has_failed() =>
        (await _probe.ProbeAsync(new ProbeTarget("c1", null), new Probe(HealthCheckKind.Tcp, Port, "", []), s_limit, default)).Seen.ShouldContain("no address");

    private static ProbeTarget Target { get; } = new("c1", Ipv4Address.Parse("127.0.0.1"));

    private Task<ProbeResult> TcpAsync(int? port = null) => _probe.ProbeAsync(Target, new Probe(HealthCheckKind.Tcp, port ?? Port, "", []), s_limit, default);

    private Task<ProbeResult> HttpAsync(string path, int? port = null) => _probe.ProbeAsync(Target, new Probe(HealthCheckKind.Http, port ?? Port, path, []), s_limit, default);

    private async Task<string> ServeAsync(string answer)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    private sealed class NoExec : IContainerExec
    {
        public Task<RuntimeResult<IExecSession>> OpenAsync(string containerId, ExecRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
