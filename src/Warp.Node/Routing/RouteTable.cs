using System.Collections.Immutable;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Routing;

/// <summary>
/// One snapshot of the routes, indexed for the questions of the relay. Immutable; a lookup costs the same with one deployment and with thousands.
/// </summary>
public sealed class RouteTable : IRouteLookup, INameLookup
{
    private readonly RunnerId _self;
    private readonly ImmutableArray<Peer> _peers;
    private readonly Dictionary<RunnerId, Peer> _peersByRunner;
    private readonly Dictionary<DeploymentName, DeploymentTable> _deployments;
    private readonly Dictionary<Ipv4Address, CallerTable> _callers;
    private readonly Dictionary<Ipv4Address, DeploymentTable> _gateways = [];

    private RouteTable(RunnerRoutes routes, RouteTable? previous)
    {
        _self = routes.Self;
        _peers = routes.Peers;
        _peersByRunner = routes.Peers.Where(p => p.Runner != _self).DistinctBy(p => p.Runner).ToDictionary(p => p.Runner);
        var samePeers = previous is not null && previous._self == _self && previous._peers.SequenceEqual(_peers);
        _deployments = new Dictionary<DeploymentName, DeploymentTable>(routes.Deployments.Length);
        _callers = new Dictionary<Ipv4Address, CallerTable>(previous?._callers.Count ?? 0);
        foreach (var deployment in routes.Deployments)
        {
            // A large table is built again on every change of any deployment: what did not change is taken over.
            var before = previous?._deployments.GetValueOrDefault(deployment.Deployment);
            var table = samePeers && before is not null && RouteComparison.IsSame(before.Routes, deployment) ? before : new DeploymentTable(deployment, _self, _peersByRunner, before);
            _deployments[deployment.Deployment] = table;
            if (deployment.Bridge is { } bridge)
            {
                _gateways[bridge.Gateway] = table;
            }

            foreach (var caller in table.Callers)
            {
                _callers[caller.Address] = caller;
            }
        }
    }

    /// <summary>Indexes a snapshot.</summary>
    /// <param name="routes">The snapshot.</param>
    /// <param name="previous">The table before it, whose unchanged parts and whose counts of connections are taken over; null for none.</param>
    public static RouteTable Build(RunnerRoutes routes, RouteTable? previous)
    {
        ArgumentNullException.ThrowIfNull(routes);
        return new RouteTable(routes, previous);
    }

    /// <inheritdoc/>
    public EntryRoute ResolveEntry(Ipv4Address caller, Ipv4Address destination) =>
        _callers.TryGetValue(caller, out var table) ? table.Resolve(destination) : new EntryRoute(null, RouteRefusal.UnknownCaller) { MayChange = true };

    /// <inheritdoc/>
    public ExitRoute ResolveExit(RunnerId peer, in OpenRequest request)
    {
        // This runner may be about to hear of the deployment, of the service, or of another public port: then the answer may change.
        if (!_deployments.TryGetValue(request.Deployment, out var deployment) || deployment.Find(request.Target) is not { } target)
        {
            return ExitRoute.Refused(RouteRefusal.UnknownTarget, mayChange: true);
        }

        Ipv4Address? source = null;
        if (request.IsIngress)
        {
            // The port may be the image's, which is not known before there is a container.
            if (!MayBePublic(target, request.Port))
            {
                return ExitRoute.Refused(RouteRefusal.NotPublic, mayChange: true);
            }
        }
        else if (deployment.Find(request.Caller) is not { } caller)
        {
            return ExitRoute.Refused(RouteRefusal.CallerNotThere, mayChange: true);
        }
        else if (caller.RunnerOf(request.CallerOrdinal, request.CallerGeneration) != peer)
        {
            // An older or equal generation than the newest one known is late or a lie; a newer one is an update under way.
            return ExitRoute.Refused(RouteRefusal.CallerNotThere, mayChange: caller.IsBehind(request.CallerOrdinal, request.CallerGeneration));
        }
        else
        {
            source = caller.Route.IstAddress;
        }

        return LeastConnections.Pick(target.ExitChoice) is { } instance
            ? new ExitRoute(instance, source, RouteRefusal.None)
            : Unavailable(target);
    }

    /// <inheritdoc/>
    public bool StillAllows(EntryTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return IsHere(target.Caller) && Find(target.Caller.Deployment, target.Target) is { } service && service.IsOn(target.Peer.Runner);
    }

    /// <inheritdoc/>
    public bool StillAllows(InstanceId caller, LocalInstance dialled)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(dialled);
        return IsHere(caller) && Find(dialled.Instance.Deployment, dialled.Instance.Service) is { } service && service.StillHas(dialled, _self);
    }

    /// <inheritdoc/>
    public bool StillAllows(RunnerId peer, in OpenRequest request, LocalInstance dialled)
    {
        ArgumentNullException.ThrowIfNull(dialled);
        return Find(request.Deployment, request.Target) is { } target
            && target.StillHas(dialled, _self)
            && (request.IsIngress
                ? MayBePublic(target, request.Port)
                : Find(request.Deployment, request.Caller)?.RunnerOf(request.CallerOrdinal, request.CallerGeneration) == peer);
    }

    /// <inheritdoc/>
    public Peer? FindPeer(RunnerId runner) => _peersByRunner.GetValueOrDefault(runner);

    /// <summary>The container of this runner with that address; null when there is none.</summary>
    public InstanceId? FindCaller(Ipv4Address address) => _callers.GetValueOrDefault(address)?.Caller;

    /// <inheritdoc/>
    public DeploymentNames? NamesBehind(Ipv4Address gateway) => _gateways.GetValueOrDefault(gateway)?.Names;

    private static bool MayBePublic(ServiceEntry target, int port) => target.Route.PublicPort is { } known && (known == port || target.ExitChoice.IsEmpty);

    // Only an instance that is to be here is worth the service's own wait, unless another runner may take the connection at once; that the service is elsewhere may be news on its way.
    private static ExitRoute Unavailable(ServiceEntry target) =>
        target.ExitRefusal == RouteRefusal.NotRunning
            ? ExitRoute.Refused(RouteRefusal.NotRunning, mayChange: false, target.ServesOnSeveral ? 0 : target.Route.ConnectHoldSeconds)
            : ExitRoute.Refused(target.ExitRefusal, mayChange: true);

    private ServiceEntry? Find(DeploymentName deployment, ServiceName service) =>
        _deployments.TryGetValue(deployment, out var table) ? table.Find(service) : null;

    private bool IsHere(InstanceId instance) => Find(instance.Deployment, instance.Service)?.RunnerOf(instance.Ordinal, instance.Generation) == _self;
}
