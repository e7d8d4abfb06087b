using System.Collections.Immutable;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Routing;

/// <summary>
/// One snapshot of the routes, indexed for the questions of the relay. Immutable; a lookup costs the same with one deployment and with thousands.
/// </summary>
public sealed class RouteTable : IRouteLookup
{
    private readonly RunnerId _self;
    private readonly ImmutableArray<Peer> _peers;
    private readonly Dictionary<DeploymentName, DeploymentTable> _deployments = [];
    private readonly Dictionary<Ipv4Address, CallerTable> _callers = [];

    private RouteTable(RunnerRoutes routes, RouteTable? previous)
    {
        _self = routes.Self;
        _peers = routes.Peers;
        var peers = routes.Peers.DistinctBy(p => p.Runner).ToDictionary(p => p.Runner);
        var reusable = previous is not null && previous._self == _self && previous._peers.SequenceEqual(_peers) ? previous : null;
        foreach (var deployment in routes.Deployments)
        {
            // A large table is built again on every change of any deployment: what did not change is taken over.
            var table = reusable?._deployments.GetValueOrDefault(deployment.Deployment) is { } known && known.Routes == deployment
                ? known
                : new DeploymentTable(deployment, _self, peers);
            _deployments[deployment.Deployment] = table;
            foreach (var caller in table.Callers)
            {
                _callers[caller.Address] = caller;
            }
        }
    }

    /// <summary>Indexes a snapshot.</summary>
    /// <param name="routes">The snapshot.</param>
    /// <param name="previous">The table before it, whose unchanged parts are taken over; null for none.</param>
    public static RouteTable Build(RunnerRoutes routes, RouteTable? previous)
    {
        ArgumentNullException.ThrowIfNull(routes);
        return new RouteTable(routes, previous);
    }

    /// <inheritdoc/>
    public EntryRoute ResolveEntry(Ipv4Address caller, Ipv4Address destination) =>
        _callers.TryGetValue(caller, out var table) ? table.Resolve(destination) : new EntryRoute(null, RouteRefusal.UnknownCaller);

    /// <inheritdoc/>
    public ExitRoute ResolveExit(RunnerId peer, in OpenRequest request)
    {
        // This runner may be about to hear of the deployment, or of the service: then the answer may change.
        if (!_deployments.TryGetValue(request.Deployment, out var deployment) || deployment.Find(request.Target) is not { } target)
        {
            return ExitRoute.Refused(RouteRefusal.UnknownTarget, mayChange: true);
        }

        if (deployment.Find(request.Caller) is not { } caller)
        {
            return ExitRoute.Refused(RouteRefusal.CallerNotThere, mayChange: true);
        }

        var placed = caller.Placement(request.CallerOrdinal);
        if (placed is null || placed.Instance.Generation != request.CallerGeneration || placed.Runner != peer)
        {
            // An older or equal generation than the one known is late or a lie; a newer one is an update under way.
            var behind = placed is null || placed.Instance.Generation < request.CallerGeneration;
            return ExitRoute.Refused(RouteRefusal.CallerNotThere, mayChange: behind);
        }

        return target.LocalContainer is { } container
            ? new ExitRoute(container, caller.IstAddress, RouteRefusal.None)
            : ExitRoute.Refused(target.LocalRefusal, mayChange: true);
    }

    /// <summary>Whether a stream that was opened on this way may go on: its caller still has its place here, and its target still one there.</summary>
    public bool StillAllows(EntryTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return _deployments.TryGetValue(target.Caller.Deployment, out var deployment)
            && deployment.Find(target.Caller.Service) is { } caller
            && caller.Placement(target.Caller.Ordinal) is { } placed
            && placed.Runner == _self
            && placed.Instance.Generation == target.Caller.Generation
            && deployment.Find(target.Target) is { } service
            && service.IsOn(target.Peer.Runner);
    }
}
