using Warp.Cluster.Identity;
using Warp.Node.Relay.Frames;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Streams;

/// <summary>From whom to whom a stream goes; shared by all streams between the same two, so that an idle stream costs only a reference.</summary>
internal abstract class StreamPath
{
    /// <summary>What the OPEN frame says, without the port.</summary>
    internal abstract OpenRequest Request { get; }

    /// <summary>Whether the stream begins on this runner.</summary>
    internal abstract bool IsEntry { get; }

    /// <summary>Whether the routes in force still allow what a stream of this path was opened for.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="peer">The other end.</param>
    /// <param name="port">The stream's port.</param>
    /// <param name="dialled">What the exit dialled; null at the entry.</param>
    internal abstract bool IsAllowed(RouteHolder routes, RunnerId peer, int port, LocalInstance? dialled);

    /// <summary>A stream of this path is in its trunk's table; <see cref="OnOver"/> follows once.</summary>
    internal virtual void OnBegun(RelayStream stream)
    {
    }

    /// <summary>The exit has its connection.</summary>
    internal virtual void OnConnected()
    {
    }

    /// <summary>Whether a stream that the other end ends has failed; else its caller is about to get another one, or to be told by somebody else.</summary>
    internal virtual bool IsFinal(ResetReason reason) => true;

    /// <summary>The other end has ended a stream of this path.</summary>
    internal virtual void OnReset(ResetReason reason, byte detail)
    {
    }

    /// <summary>A stream of this path is about to end its local socket with a reset.</summary>
    internal virtual void OnAbort()
    {
    }

    /// <summary>A stream of this path has left its trunk's table.</summary>
    internal virtual void OnOver()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => Request.ToString();
}

/// <summary>A path that begins at a container of this runner.</summary>
internal sealed class EntryPath(EntryTarget target) : StreamPath
{
    /// <summary>The way that the route table gave.</summary>
    internal EntryTarget Target => target;

    /// <inheritdoc/>
    internal override OpenRequest Request { get; } =
        new(target.Caller.Deployment, target.Caller.Service, target.Caller.Ordinal, target.Caller.Generation, target.Target, 0);

    /// <inheritdoc/>
    internal override bool IsEntry => true;

    /// <inheritdoc/>
    internal override bool IsAllowed(RouteHolder routes, RunnerId peer, int port, LocalInstance? dialled) => routes.StillAllows(target);

    /// <inheritdoc/>
    internal override void OnBegun(RelayStream stream) => target.Connections.Add();

    /// <inheritdoc/>
    internal override void OnOver() => target.Connections.Remove();
}

/// <summary>A path that ends on this runner.</summary>
internal sealed class ExitPath(OpenRequest request) : StreamPath
{
    /// <inheritdoc/>
    internal override OpenRequest Request => request;

    /// <inheritdoc/>
    internal override bool IsEntry => false;

    /// <inheritdoc/>
    internal override bool IsAllowed(RouteHolder routes, RunnerId peer, int port, LocalInstance? dialled) =>
        dialled is not null && routes.StillAllows(peer, request with { Port = port }, dialled);
}
