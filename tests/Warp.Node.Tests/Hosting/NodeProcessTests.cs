using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shouldly;
using Warp.Node.Configuration;
using Warp.Node.Metrics;
using Warp.Node.Tests.Metrics;
using Xunit;

namespace Warp.Node.Tests.Hosting;

/// <summary><c>warp init</c> and <c>warp run</c> as a service manager sees them: exit codes, messages, signals. No container engine is needed.</summary>
public sealed class NodeProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NodePorts _ports = TestNode.FreePorts();
    private readonly int _intercept = TestNode.FreePorts().Tunnel;

    private string Data => _folder["data"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_node_runs_until_SIGTERM_and_then_ends_with_zero()
    {
        await InitAsync();
        using var node = Run();
        await Eventually.Is(() => File.Exists(Path.Combine(Data, "warp.sock")), "the management socket is there", withinSeconds: 60);

        (await GetAsync("/alive")).ShouldBe(HttpStatusCode.OK);
        await Eventually.Is(async () => await GetAsync("/ready") == HttpStatusCode.OK, "the node is ready", withinSeconds: 60);
        await node.SignalAsync("TERM");

        (await node.ExitAsync()).ShouldBe(0, node.Output);
        node.Output.ShouldContain("containers keep running");
        node.Output.ShouldContain("Stopped");
        File.Exists(Path.Combine(Data, "warp.sock")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_tells_metrics_that_the_catalog_has_and_that_promtool_accepts()
    {
        await InitAsync();
        using var node = Run();
        await Eventually.Is(() => File.Exists(Path.Combine(Data, "warp.sock")), "the management socket is there", withinSeconds: 60);
        await Eventually.Is(async () => await GetAsync("/ready") == HttpStatusCode.OK, "the node is ready", withinSeconds: 60);
        var text = "";
        await Eventually.Is(async () => (text = await ReadAsync("/metrics")).Contains("\nwarp_cluster_shards ", StringComparison.Ordinal), "it has its shards", withinSeconds: 60);

        var told = text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToArray();
        told.Except(MetricCatalog.All.Select(metric => metric.Name), StringComparer.Ordinal).ShouldBeEmpty();
        told.Distinct(StringComparer.Ordinal).Count().ShouldBe(told.Length);
        text.ShouldContain("\nwarp_rollout_seconds_count{outcome=\"failed\"} 0\n");
        text.ShouldContain("\nwarp_cluster_members{status=\"up\"} 1\n");
        text.ShouldContain("cluster=\"test\",runner=\"alpha\"} 1\n");
        await PromTool.CheckAsync(text, "check", "metrics");
    }

    [Fact]
    public async Task The_journal_is_in_write_ahead_mode()
    {
        await InitAsync();
        using var node = Run();
        await Eventually.Is(() => File.Exists(Path.Combine(Data, "state", "warp.db-wal")), "the write-ahead log is there", withinSeconds: 60);
    }

    [Fact]
    public async Task SIGHUP_reads_the_certificates_again()
    {
        await InitAsync();
        using var node = Run();
        await Eventually.Is(() => node.Output.Contains(" runs; ", StringComparison.Ordinal), "the node runs", withinSeconds: 60);

        await node.SignalAsync("HUP");

        await Eventually.Is(() => node.Output.Contains("certificates read again", StringComparison.Ordinal), "they were read");
        node.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_folder_is_refused()
    {
        await InitAsync();
        using var node = Run();
        await Eventually.Is(() => node.Output.Contains(" runs; ", StringComparison.Ordinal), "the node runs", withinSeconds: 60);

        using var second = Run();

        (await second.ExitAsync()).ShouldBe((int)ExitCode.Unavailable, second.Output);
        second.Output.ShouldContain($"Another 'warp run' works in {Data}");
    }

    [Theory]
    [InlineData("cluster")]
    [InlineData("tunnel")]
    [InlineData("management")]
    public async Task A_port_in_use_ends_the_start_and_is_named(string which)
    {
        await InitAsync();
        var port = which switch { "cluster" => _ports.Cluster, "tunnel" => _ports.Tunnel, _ => _ports.Management };
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();

        using var node = Run();

        (await node.ExitAsync()).ShouldBe((int)ExitCode.Unavailable, node.Output);
        node.Output.ShouldContain(port.ToString(CultureInfo.InvariantCulture));
        node.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_folder_without_a_node_ends_the_start_as_not_configured()
    {
        using var node = Run();

        (await node.ExitAsync()).ShouldBe((int)ExitCode.NotConfigured, node.Output);
        node.Output.ShouldContain("warp init");
    }

    [Fact]
    public async Task A_wrong_setting_ends_the_start_as_not_configured()
    {
        await InitAsync();
        await File.WriteAllTextAsync(Path.Combine(Data, "warp.conf"), "warp.netwrok.ist-range = x");

        using var node = Run();

        (await node.ExitAsync()).ShouldBe((int)ExitCode.NotConfigured, node.Output);
        node.Output.ShouldContain("did you mean warp.network.ist-range?");
    }

    private async Task InitAsync()
    {
        var (exitCode, output) = await WarpProcess.RunAsync("init", "--data", Data, "--cluster", "test", "--name", "alpha", "--address", "127.0.0.1");
        exitCode.ShouldBe(0, output);
    }

    private WarpProcess Run() => WarpProcess.Start(
        "run", "--data", Data,
        "--set", "warp.node.bind-address=127.0.0.1",
        "--set", Number("warp.ports.cluster", _ports.Cluster),
        "--set", Number("warp.ports.tunnel", _ports.Tunnel),
        "--set", Number("warp.ports.management", _ports.Management),
        "--set", Number("warp.network.intercept-port", _intercept),
        "--set", $"warp.docker.endpoint=unix://{_folder["no-engine.sock"]}");

    private static string Number(string key, int value) => string.Create(CultureInfo.InvariantCulture, $"{key}={value}");

    private async Task<HttpStatusCode> GetAsync(string path)
    {
        using var client = Client();
        using var answer = await client.GetAsync(new Uri($"http://warp{path}"));
        return answer.StatusCode;
    }

    private async Task<string> ReadAsync(string path)
    {
        using var client = Client();
        return await client.GetStringAsync(new Uri($"http://warp{path}"));
    }

    private HttpClient Client()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Data, "warp.sock")), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler);
    }
}
