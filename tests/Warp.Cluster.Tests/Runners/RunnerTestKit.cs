using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Warp.Cluster.Specs;
using Warp.Cluster.Tunnels;

namespace Warp.Cluster.Tests.Runners;

/// <summary>A runner with everything around it in memory, and quick rhythms.</summary>
public abstract class RunnerTestKit : TestKit
{
    protected static readonly RunnerId Here = RunnerId.Parse("runner-1");
    protected static readonly RunnerId There = RunnerId.Parse("runner-2");
    protected static readonly DeploymentName Shop = DeploymentName.Parse("shop");
    protected static readonly ServiceName App = ServiceName.Parse("app");
    protected static readonly ServiceName Db = ServiceName.Parse("db");

    protected RunnerTestKit()
        : base("akka { loglevel = WARNING, stdout-loglevel = OFF, actor.serialize-messages = off }")
    {
        (Deployments, ControlNodes) = Probes(this);
    }

    internal FakeEngine Engine { get; } = new();

    internal FakeStore Store { get; } = new();

    internal FakeRules Rules { get; } = new();

    internal FakeRoutes Routes { get; } = new();

    internal FakeLinks Links { get; } = new();

    internal FakeProbe Probe { get; } = new();

    internal FakeConnections Connections { get; } = new();

    internal FakeVolumes Volumes { get; } = new();

    internal FakeIngress Ingress { get; } = new();

    protected TestProbe Deployments { get; }

    protected TestProbe ControlNodes { get; }

    internal RunnerOptions Options { get; set; } = new()
    {
        ReportEvery = TimeSpan.FromMilliseconds(200),
        ReportUnknownEvery = TimeSpan.FromMilliseconds(400),
        StatusDelay = TimeSpan.FromMilliseconds(5),
        InventoryEvery = TimeSpan.FromSeconds(10),
        InventoryRetry = TimeSpan.FromMilliseconds(50),
        VerifyRulesEvery = TimeSpan.FromMilliseconds(30),
        RepairShownFor = TimeSpan.FromMilliseconds(300),
        StoreRetry = TimeSpan.FromMilliseconds(20),
        CountConnectionsEvery = TimeSpan.FromMilliseconds(20),
        Network = new BackOff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100)),
        Containers = new ContainerOptions { Restart = new BackOff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100)) },
        Tunnels = new TunnelOptions { StartJitter = TimeSpan.Zero, CountEvery = TimeSpan.FromMilliseconds(20) },
    };

    internal static ServiceSpec Spec(ServiceName name, string image = "image:1", int grace = 3) =>
        new(name, image, PullPolicy.Missing, [], ImmutableSortedDictionary<string, string>.Empty, null, null, grace);

    internal static ServiceAssignment Service(ServiceSpec spec, string ist, params (long Generation, RunnerId Runner)[] placements) =>
        new(spec, Ipv4Address.Parse(ist), [.. placements.Select((p, i) => new Placement(i, p.Generation, p.Runner))]);

    /// <summary>app here and db there.</summary>
    internal static Assignment ShopAssignment(long version, long appGeneration = 1, string image = "image:1") => new(
        Shop, version, "default", "production", Removed: false,
        [Service(Spec(App, image), "10.201.0.1", (appGeneration, Here)), Service(Spec(Db), "10.201.0.2", (1, There))]);

    internal static Assignment Removal(long version) => new(Shop, version, "default", "production", Removed: true, []);

    internal static InstanceId AppInstance(long generation = 1) => new(Shop, App, 0, generation);

    internal static string AppHash => ServiceSpecHash.Of(Spec(App));

    private static (TestProbe, TestProbe) Probes(TestKit kit) => (kit.CreateTestProbe("deployments"), kit.CreateTestProbe("control-nodes"));

    protected IActorRef StartRunner()
    {
        var settings = new RunnerSettings(Here, new NodeEndpoint("10.0.0.1", 4054), new NodeEndpoint("10.0.0.1", 8558), "0.1.0") { Options = Options };
        return Sys.ActorOf(RunnerActor.Props(settings, new RunnerPorts(Engine, Routes, Rules, Store, Links, Probe, Connections, Volumes) { Ingress = Ingress }, Deployments, ControlNodes));
    }

    internal InstanceObserved AwaitInstance(Func<InstanceObserved, bool> wanted) =>
        AwaitReport(r => r.Instances.Any(wanted)).Instances.First(wanted);

    internal RunnerReport AwaitReport(Func<RunnerReport, bool> wanted) =>
        (RunnerReport)Deployments.FishForMessage(m => m is RunnerReport r && wanted(r), TimeSpan.FromSeconds(20));

    internal RunnerStatus AwaitStatus(Func<RunnerStatus, bool> wanted) =>
        (RunnerStatus)ControlNodes.FishForMessage(m => m is RunnerStatus s && wanted(s), TimeSpan.FromSeconds(20));

    protected void Eventually(Func<bool> condition) => AwaitCondition(condition, TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(10));

    /// <summary>Several reports go by without a change.</summary>
    internal void AwaitQuiet()
    {
        var before = Engine.Calls.Length;
        for (var i = 0; i < 3; i++)
        {
            Deployments.FishForMessage(m => m is RunnerReport, TimeSpan.FromSeconds(20));
        }

        Engine.Calls.Skip(before).Where(c => !c.StartsWith("ping", StringComparison.Ordinal) && !c.StartsWith("list", StringComparison.Ordinal) && !c.StartsWith("networks", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
