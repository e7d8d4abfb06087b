using Akka.Actor;
using Akka.Cluster;
using Shouldly;
using Warp.Cluster.Protocol;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.MultiNode.Tests;

/// <summary>One control node and two runners, all up.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly string _folder = Directory.CreateTempSubdirectory("warp-multinode-").FullName;
    private readonly int[] _ports = [TestPorts.Next(), TestPorts.Next(), TestPorts.Next()];

    private TestCluster()
    {
        Control = StartControl();
        R1 = TestNode.Start(Authority, "r1", _ports[1], "runner", _folder, _ports);
        R2 = TestNode.Start(Authority, "r2", _ports[2], "runner", _folder, _ports);
    }

    public TestAuthority Authority { get; } = new();

    public TestNode Control { get; private set; }

    public TestNode R1 { get; }

    public TestNode R2 { get; }

    public int ControlPort => _ports[0];

    /// <summary>Starts it and waits until the control node knows both runners and the runners know each other.</summary>
    public static async Task<TestCluster> StartAsync()
    {
        var cluster = new TestCluster();
        await cluster.SettleAsync();
        return cluster;
    }

    /// <summary>Waits until something is so.</summary>
    /// <param name="look">Whether it is.</param>
    /// <param name="what">What is waited for.</param>
    /// <param name="seen">What a failure shows besides, such as a log.</param>
    public static async Task UntilAsync(Func<Task<bool>> look, string what, Func<string>? seen = null)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (!await look())
        {
            (DateTime.UtcNow < deadline).ShouldBeTrue($"not within {Patience}: {what}\n{seen?.Invoke()}");
            await Task.Delay(100);
        }
    }

    /// <summary>As a killed node process that is started again.</summary>
    public async Task RestartControlAsync()
    {
        await Control.DisposeAsync();
        Control = StartControl();
        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(new[] { Control, R1, R2 }.Select(node => node.DisposeAsync().AsTask()));
        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private TestNode StartControl() => TestNode.Start(Authority, "c1", ControlPort, "control", _folder, _ports);

    private async Task SettleAsync()
    {
        await UntilAsync(() => Task.FromResult(AkkaCluster.Get(Control.System).State.Members.Count(member => member.Status == MemberStatus.Up) == 3), "three members up");
        await UntilAsync(
            async () => (await Control.Actors.Directory!.Ask<RunnerList>(new ListRunners(), Patience)).Runners.Count(runner => runner.Reachable) == 2, "two reachable runners in the directory");
        await UntilAsync(() => Task.FromResult(R1.Runner.Peers.Any(list => list.Peers.Length == 2) && R2.Runner.Peers.Any(list => list.Peers.Length == 2)), "each runner knows its peer");
    }
}
