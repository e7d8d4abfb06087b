using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;

namespace Warp.Node.Routing;

/// <summary>The routes in force: replaced as a whole by one writer at a time, read from any thread without a lock. Lives as long as the process.</summary>
public sealed class RouteHolder : IRouteHolder, IRouteLookup, INameLookup
{
    private readonly Lock _gate = new();
    private RouteTable _table;
    private bool _arePublished;

    /// <summary>Begins with no routes: everything is refused.</summary>
    /// <param name="self">This runner.</param>
    public RouteHolder(RunnerId self) => (Self, _table) = (self, RouteTable.Build(RunnerRoutes.Empty(self), previous: null));

    /// <summary>This runner.</summary>
    public RunnerId Self { get; }

    /// <summary>Whether there were any yet: a process that has just started knows nothing of what the one before it knew.</summary>
    public bool ArePublished => Volatile.Read(ref _arePublished);

    /// <summary>Raised, on the publisher's thread, after new routes are in force. Handlers must not block.</summary>
    public event EventHandler? Published;

    /// <inheritdoc/>
    public void Publish(RunnerRoutes routes)
    {
        lock (_gate)
        {
            Volatile.Write(ref _table, RouteTable.Build(routes, _table));
            Volatile.Write(ref _arePublished, true);
        }

        Published?.Invoke(this, EventArgs.Empty);
    }

    /// <inheritdoc/>
    public EntryRoute ResolveEntry(Ipv4Address caller, Ipv4Address destination) => Volatile.Read(ref _table).ResolveEntry(caller, destination);

    /// <inheritdoc/>
    public ExitRoute ResolveExit(RunnerId peer, in OpenRequest request) => Volatile.Read(ref _table).ResolveExit(peer, request);

    /// <inheritdoc/>
    public bool StillAllows(EntryTarget target) => Volatile.Read(ref _table).StillAllows(target);

    /// <inheritdoc/>
    public bool StillAllows(InstanceId caller, LocalInstance dialled) => Volatile.Read(ref _table).StillAllows(caller, dialled);

    /// <inheritdoc/>
    public bool StillAllows(RunnerId peer, in OpenRequest request, LocalInstance dialled) => Volatile.Read(ref _table).StillAllows(peer, request, dialled);

    /// <inheritdoc/>
    public Peer? FindPeer(RunnerId runner) => Volatile.Read(ref _table).FindPeer(runner);

    /// <summary>The container of this runner with that address; null when there is none.</summary>
    public InstanceId? FindCaller(Ipv4Address address) => Volatile.Read(ref _table).FindCaller(address);

    /// <inheritdoc/>
    public DeploymentNames? NamesBehind(Ipv4Address gateway) => Volatile.Read(ref _table).NamesBehind(gateway);
}
