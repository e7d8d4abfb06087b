using System.Collections.Immutable;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Routing;

/// <summary>One service of a <see cref="DeploymentTable"/>, with everything that is asked of it worked out.</summary>
internal sealed class ServiceEntry
{
    private readonly Dictionary<(int Ordinal, long Generation), InstanceRoute> _placements = [];
    private readonly Dictionary<int, long> _newest = [];
    private readonly Dictionary<InstanceId, LocalInstance> _local = [];
    private readonly Dictionary<RunnerId, ConnectionCount> _runners = [];

    internal ServiceEntry(ServiceRoute route, RunnerId self, IReadOnlyDictionary<RunnerId, Peer> peers, ServiceEntry? previous)
    {
        Route = route;
        foreach (var placed in route.Instances)
        {
            var id = placed.Instance;
            _placements[(id.Ordinal, id.Generation)] = placed;
            _newest[id.Ordinal] = Math.Max(id.Generation, _newest.GetValueOrDefault(id.Ordinal));
            _runners[placed.Runner] = previous?._runners.GetValueOrDefault(placed.Runner) ?? new ConnectionCount();
            if (placed.Runner == self && placed.ContainerAddress is { } address)
            {
                _local[id] = previous?._local.GetValueOrDefault(id) is { } known && known.Address == address ? known : new LocalInstance(id, address);
            }
        }

        var here = route.Instances.Where(i => i.Runner == self).ToImmutableArray();
        ExitChoice = Local(InstanceRanks.AtExit(here));
        ExitRefusal = !ExitChoice.IsEmpty ? RouteRefusal.None : here.Any(i => i.Role != PlacementRole.Retiring) ? RouteRefusal.NotRunning : RouteRefusal.NotPlaced;
        var entry = InstanceRanks.AtEntry([.. route.Instances.Where(i => i.Runner == self || peers.ContainsKey(i.Runner))], self);
        EntryHere = Local(entry.Where(i => i.Runner == self));
        EntryElsewhere = [.. entry.Where(i => i.Runner != self).Select(i => i.Runner).Distinct().Select(r => peers[r])];
        ServesOnSeveral = route.Instances.Where(i => i.Role == PlacementRole.Serving).Select(i => i.Runner).Distinct().Count() > 1;
        WaitsForPeer = route.Instances.Any(i => i.Runner != self && !peers.ContainsKey(i.Runner));
    }

    /// <summary>What it was made from.</summary>
    internal ServiceRoute Route { get; }

    /// <summary>The containers that a connection at this runner's exit may go to.</summary>
    internal ImmutableArray<LocalInstance> ExitChoice { get; }

    /// <summary>Why there is no such container; none when there is.</summary>
    internal RouteRefusal ExitRefusal { get; }

    /// <summary>The containers of this runner that a caller on it may go to.</summary>
    internal ImmutableArray<LocalInstance> EntryHere { get; }

    /// <summary>The runners that a caller on this one may go to; empty when <see cref="EntryHere"/> is not.</summary>
    internal ImmutableArray<Peer> EntryElsewhere { get; }

    /// <summary>Whether more than one runner has an instance that serves.</summary>
    internal bool ServesOnSeveral { get; }

    /// <summary>Whether it is placed on a runner whose endpoint is not known yet.</summary>
    internal bool WaitsForPeer { get; }

    /// <summary>The streams to this service on a runner that has a placement of it.</summary>
    internal ConnectionCount CountOf(RunnerId runner) => _runners[runner];

    /// <summary>The runner of a placement; null when there is none of that ordinal and generation.</summary>
    internal RunnerId? RunnerOf(int ordinal, long generation) => _placements.TryGetValue((ordinal, generation), out var placed) ? placed.Runner : null;

    /// <summary>Whether every placement known of that ordinal is older: then the routes here are behind.</summary>
    internal bool IsBehind(int ordinal, long generation) => _newest.GetValueOrDefault(ordinal) < generation;

    /// <summary>Whether a runner has a placement of it, in any role.</summary>
    internal bool IsOn(RunnerId runner) => _runners.ContainsKey(runner);

    /// <summary>
    /// Whether a container that was dialled still has its place here, in any role. One whose address is not known now ends its connections itself;
    /// an engine that does not answer for a moment must not.
    /// </summary>
    internal bool StillHas(LocalInstance dialled, RunnerId self) =>
        RunnerOf(dialled.Instance.Ordinal, dialled.Instance.Generation) == self
        && (!_local.TryGetValue(dialled.Instance, out var now) || now.Address == dialled.Address);

    private ImmutableArray<LocalInstance> Local(IEnumerable<InstanceRoute> instances) => [.. instances.Select(i => _local[i.Instance])];
}
