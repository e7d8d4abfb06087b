using Warp.Cluster.Identity;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Streams;

/// <summary>From whom to whom a stream goes; shared by all streams between the same two, so that an idle stream costs only a reference.</summary>
internal abstract class StreamPath
{
    /// <summary>What the OPEN frame says, without the port.</summary>
    internal abstract OpenRequest Request { get; }

    /// <summary>Whether the routes in force still allow what this path was opened for.</summary>
    internal abstract bool IsAllowed(RouteHolder routes, RunnerId peer, Ipv4Address container);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Request.Deployment}: {Request.Caller}#{Request.CallerOrdinal}@{Request.CallerGeneration} to {Request.Target}";
}

/// <summary>A path that begins on this runner.</summary>
internal sealed class EntryPath(EntryTarget target) : StreamPath
{
    /// <summary>The way that the route table gave.</summary>
    internal EntryTarget Target => target;

    /// <inheritdoc/>
    internal override OpenRequest Request { get; } =
        new(target.Caller.Deployment, target.Caller.Service, target.Caller.Ordinal, target.Caller.Generation, target.Target, 0);

    /// <inheritdoc/>
    internal override bool IsAllowed(RouteHolder routes, RunnerId peer, Ipv4Address container) => routes.StillAllows(target);
}

/// <summary>A path that ends on this runner.</summary>
internal sealed class ExitPath(OpenRequest request) : StreamPath
{
    /// <inheritdoc/>
    internal override OpenRequest Request => request;

    /// <inheritdoc/>
    internal override bool IsAllowed(RouteHolder routes, RunnerId peer, Ipv4Address container)
    {
        var route = routes.ResolveExit(peer, request);

        // A container that is said not to run ends its connections itself; an engine that does not answer for a moment must not.
        return route.Refusal == RouteRefusal.NotRunning || (route.Refusal == RouteRefusal.None && route.Container == container);
    }
}
