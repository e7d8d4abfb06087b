namespace Warp.Node.Routing;

/// <summary>
/// How many relayed connections are open to one place. It outlives the snapshots of the routes, and each connection keeps the one that it was counted in, so it is exact
/// whatever happens in between. Written by any thread.
/// </summary>
public sealed class ConnectionCount
{
    private int _open;

    /// <summary>Connections open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>One more was opened; followed by exactly one <see cref="Remove"/>.</summary>
    internal void Add() => Interlocked.Increment(ref _open);

    /// <summary>One is over.</summary>
    internal void Remove() => Interlocked.Decrement(ref _open);
}

/// <summary>Something that connections are spread over.</summary>
internal interface ICounted
{
    /// <summary>Its connections.</summary>
    ConnectionCount Connections { get; }
}
