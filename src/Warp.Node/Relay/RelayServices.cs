using Microsoft.Extensions.Logging;
using Warp.Cluster.Identity;
using Warp.Node.Limits;
using Warp.Node.Relay.Edges;
using Warp.Node.Relay.Local;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Relay.Tls;
using Warp.Node.Routing;

namespace Warp.Node.Relay;

/// <summary>What every part of one engine shares; thread-safe.</summary>
internal sealed record RelayServices(
    RelayOptions Options, RouteHolder Routes, TrunkTlsFactory Tls, RefusalCounters Refusals, WindowLimits Windows, ByteBudget Buffered, ILogger Log)
{
    /// <summary>What is counted of the connections that begin here: a writer for each loop, and the last one for what runs on none.</summary>
    internal EdgeTable Edges { get; } = new(Options.MaxEdges, Options.ForgetEdgeAfter, Options.LoopCount + 1);

    /// <summary>The containers' connections that the entry has accepted.</summary>
    internal FairShares<Ipv4Address> Connections { get; } = new(Options.MaxConnections);

    /// <summary>How many milliseconds a container's connection may wait at the entry for what refuses it to change; 0: not at all.</summary>
    internal double HoldAtEntry(in EntryRoute route) => Math.Max(1000.0 * route.HoldSeconds, route.MayChange ? Options.TrunkWait.TotalMilliseconds : 0);

    /// <summary>How many milliseconds a container's connection may wait for a trunk to the runner that has its service: also a service that wants no wait is not to blame for a trunk that is on its way.</summary>
    /// <param name="holdSeconds">What the service wants.</param>
    /// <param name="peerStops">Whether the runner's node has said that it takes no streams any more.</param>
    internal double HoldForTrunk(int holdSeconds, bool peerStops) => Math.Max(1000.0 * holdSeconds, (peerStops ? HoldForRestart : Options.TrunkWait).TotalMilliseconds);

    /// <summary>How long a node that is told to stop may be away.</summary>
    internal TimeSpan HoldForRestart => Options.DrainDeadline + Options.RestartWait;

    /// <summary>How many milliseconds a stream may wait at the exit for what refuses it to change; 0: not at all.</summary>
    internal double HoldAtExit(in ExitRoute route) =>
        Routes.ArePublished ? Math.Max(1000.0 * route.HoldSeconds, route.MayChange ? Options.RouteWait.TotalMilliseconds : 0) : HoldForRestart.TotalMilliseconds;
}

/// <summary>What the trunks and streams of one loop share; used on its thread only.</summary>
internal sealed class LoopShare(RelayLoop loop, int index, RelayServices services) : IDisposable
{
    /// <summary>The loop.</summary>
    internal RelayLoop Loop => loop;

    /// <summary>What the engine shares.</summary>
    internal RelayServices Services => services;

    /// <summary>The counters of an edge that this loop writes.</summary>
    internal EdgeCell EdgeOf(in EdgeName name) => services.Edges.Of(name, index);

    /// <summary>Memory for bytes that wait for slow readers; each peer has a share of it.</summary>
    internal BlockPool Blocks { get; } = new();

    /// <summary>Frames are composed here, then encrypted at once: empty between turns.</summary>
    internal NativeBuffer Batch { get; } = new(TlsSizes.Batch);

    /// <summary>The connections whose both ends are on this runner.</summary>
    internal LocalFlows Flows => field ??= new LocalFlows(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        loop.Dispose();
        Blocks.Dispose();
        Batch.Dispose();
    }
}
