using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging;
using Shouldly;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Hosting;
using Warp.Node.Security;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.MultiNode.Tests.ControlPlane;

/// <summary>A node as the program hosts it: a data folder made by init or join, and an actor system that is built again when it ends. Only the runner's own actors are a fake's.</summary>
internal sealed class HostedNode(DataFolder data, ImmutableArray<string> overrides, ILoggerFactory log) : IAsyncDisposable
{
    // Faster than on a wire between hosts: everything is in one process.
    private static readonly ImmutableArray<string> Hasty =
    [
        "warp.node.bind-address=127.0.0.1",
        "akka.cluster.seed-node-timeout=1s",
        "akka.cluster.failure-detector.acceptable-heartbeat-pause=2s",
        "akka.cluster.failure-detector.heartbeat-interval=500ms",
        "akka.cluster.split-brain-resolver.stable-after=2s",
        "akka.cluster.gossip-interval=200ms",
        "akka.cluster.leader-actions-interval=200ms",
        "akka.cluster.retry-unsuccessful-join-after=500ms",
        "akka.cluster.sharding.retry-interval=500ms",
        "akka.cluster.singleton.hand-over-retry-interval=300ms",
        "akka.cluster.sharding.entity-restart-backoff=1s",
        "akka.cluster.sharding.shard-failure-backoff=1s",
    ];

    private ActorSystemHost? _host;
    private ActorSystem? _system;
    private ClusterActors? _actors;

    public DataFolder Data => data;

    /// <summary>What its runner was told, by all its actor systems.</summary>
    public FakeRunnerLog Runner { get; } = new();

    public ClusterActors Actors => _actors.ShouldNotBeNull();

    /// <summary>How many control nodes it sees up and reachable.</summary>
    public int ControlNodes => _system is { WhenTerminated.IsCompleted: false } system && AkkaCluster.Get(system) is { IsTerminated: false } cluster
        ? cluster.State.Members.Except(cluster.State.Unreachable).Count(member => member.Status == MemberStatus.Up && member.HasRole(ClusterRoles.Control))
        : 0;

    public void Start()
    {
        var settings = SettingsLoader.Load(new SettingsSources(data, null, new Dictionary<string, string>(StringComparer.Ordinal), [.. Hasty, .. overrides]));
        _host = new ActorSystemHost(settings, new FileCredentialSource(data, settings.Node, settings.Certificates.ClockTolerance), (system, known) => StartActors(system, settings, known), new ClusterAccess(), log);
        _host.Start();
    }

    /// <summary>Ends without a word to the others, as a killed process does.</summary>
    public async Task KillAsync()
    {
        await (_system?.Terminate() ?? Task.CompletedTask);
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        _host = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private ClusterHandles StartActors(ActorSystem system, WarpSettings settings, ImmutableArray<NodeEndpoint> known)
    {
        _system = system;
        _actors = ClusterActors.Start(system, new ClusterActorsOptions(settings.Network.IstRange) { ControlPlane = NodeActors.ControlPlane(settings, known) });
        system.ActorOf(FakeRunner.Props(settings.Node.Runner, _actors.Deployments, Runner), ActorNames.Runner);
        return new ClusterHandles(system, _actors.Deployments, _actors.Registries, _actors.Trust);
    }
}
