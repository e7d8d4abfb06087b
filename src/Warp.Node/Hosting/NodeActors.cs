using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;
using Warp.Cluster.Registries;
using Warp.Cluster.Runners;
using Warp.Cluster.Tunnels;
using Warp.Node.Configuration;

namespace Warp.Node.Hosting;

/// <summary>The actors of a node, started anew on each actor system; all that they know is in the journal, on the runner's disk, or in the engine.</summary>
internal static class NodeActors
{
    /// <summary>Starts what the node's roles ask for.</summary>
    public static ClusterHandles Start(ActorSystem system, WarpSettings settings, ImmutableArray<NodeEndpoint> known, RunnerPorts ports, InterceptionStatus interception, IRegistryLoginStore logins)
    {
        var cluster = ClusterActors.Start(system, new ClusterActorsOptions(settings.Network.IstRange) { ControlPlane = ControlPlane(settings, known), RunnerGrace = settings.Cluster.RunnerGrace });
        if (settings.Node.Roles.Contains(ClusterRoles.Runner, StringComparer.Ordinal))
        {
            var controlNodes = system.ActorOf(ControlNodesActor.Props(ClusterRoles.Control, $"/user/{ActorNames.Directory}"), "control-nodes");
            system.ActorOf(RunnerActor.Props(RunnerOf(settings, interception), ports, cluster.Deployments, controlNodes), ActorNames.Runner);
            system.ActorOf(RegistryLoginKeeperActor.Props(logins), ActorNames.RegistryLogins);
        }

        return new ClusterHandles(system, cluster.Deployments, cluster.Registries, cluster.Trust);
    }

    /// <summary>What the node knows of the control nodes.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="known">Other nodes; control nodes may be among them.</param>
    public static ControlPlaneOptions ControlPlane(WarpSettings settings, ImmutableArray<NodeEndpoint> known) => new(settings.Cluster.ControlNodes)
    {
        SharesJournal = settings.Persistence.Provider == PersistenceProvider.Postgres,
        Founder = settings.Node.Founder,
        Known = known,
    };

    private static RunnerSettings RunnerOf(WarpSettings settings, InterceptionStatus interception) => new(
        settings.Node.Runner,
        new NodeEndpoint(settings.Node.Address, settings.Ports.Tunnel),
        new NodeEndpoint(settings.Node.Address, settings.Ports.Management),
        NodeVersion.Text)
    {
        Interception = interception,
        Options = new RunnerOptions { Tunnels = new TunnelOptions { Trunks = settings.Relay.TrunksPerPeer } },
    };
}
