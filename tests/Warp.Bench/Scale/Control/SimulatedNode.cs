using System.Collections.Immutable;
using Akka.Cluster;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Hosting;
using Warp.Node.Journal;
using Warp.Node.Security;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Bench.Scale.Control;

/// <summary>A node as the program hosts it: its data folder, shipped settings, actor system, mutual TLS, journal and actors; only what is under the actors of a runner is simulated.</summary>
internal sealed class SimulatedNode : IAsyncDisposable
{
    private readonly ActorSystemHost _host;
    private volatile ClusterHandles? _handles;

    private SimulatedNode(WarpSettings settings, bool withEngine, ILoggerFactory loggers)
    {
        var ports = SimulatedPorts.Make(settings, withEngine);
        var credentials = new FileCredentialSource(settings.Data, settings.Node, settings.Certificates.ClockTolerance);
        _host = new ActorSystemHost(
            settings,
            credentials,
            (system, known) => _handles = NodeActors.Start(system, settings, known, ports, new InterceptionStatus(InterceptionMode.DialFirst, null), new NoLogins()),
            new ClusterAccess(),
            loggers);
    }

    /// <summary>The actor system and the way to its deployments.</summary>
    internal ClusterHandles Handles => _handles ?? throw new InvalidOperationException("the node was not started");

    /// <summary>How many members it sees up and reachable.</summary>
    internal int Members =>
        Handles.System.WhenTerminated.IsCompleted ? 0 : AkkaCluster.Get(Handles.System).State is var state ? state.Members.Except(state.Unreachable).Count(member => member.Status == MemberStatus.Up) : 0;

    /// <summary>Starts the node of a data folder.</summary>
    internal static SimulatedNode Start(DataFolder data, bool withEngine, ILoggerFactory loggers)
    {
        var settings = SettingsLoader.Load(new SettingsSources(data, null, ImmutableDictionary<string, string>.Empty, ["warp.node.bind-address=127.0.0.1"]));
        if (settings.Node.Founder)
        {
            JournalPlace.Prepare(settings);
        }

        var node = new SimulatedNode(settings, withEngine, loggers);
        node._host.Start();
        return node;
    }

    /// <summary>Ends without a word to the others, as a killed process does.</summary>
    public async ValueTask DisposeAsync()
    {
        await Handles.System.Terminate();
        await _host.DisposeAsync();
    }
}
