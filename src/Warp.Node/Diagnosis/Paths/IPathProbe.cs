using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Node.Diagnosis.Paths;

/// <summary>Sees a service's network as its container does.</summary>
public interface IPathProbe
{
    /// <summary>Does what a program in the container would do: looks the name up and opens a connection, which it closes at once.</summary>
    /// <param name="containerId">The caller's container, on this runner.</param>
    /// <param name="name">The host name of the service called.</param>
    /// <param name="address">Its IST address.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    Task<CallFacts> CallAsync(string containerId, string name, Ipv4Address address, int port, CancellationToken cancellationToken);

    /// <summary>Says where programs in the container listen.</summary>
    /// <param name="containerId">The container, on this runner.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    Task<ListenerFacts> ListenersAsync(string containerId, CancellationToken cancellationToken);
}

/// <summary>What a call from a container came to.</summary>
/// <param name="Failure">Why it could not be made at all; null when it was.</param>
/// <param name="Addresses">What the name led to, as text; empty when it led nowhere.</param>
/// <param name="Outcome">How the connection ended: "connected", or the error that the program would get, such as "ConnectionRefused".</param>
/// <param name="Milliseconds">How long that took.</param>
public sealed record CallFacts(string? Failure, ImmutableArray<string> Addresses, string Outcome, double Milliseconds)
{
    /// <summary>The outcome of a connection that was opened.</summary>
    public const string Connected = "connected";
}

/// <summary>Where programs in a container listen.</summary>
/// <param name="Failure">Why that cannot be told; null when it can.</param>
/// <param name="Listening">Each as address and port, such as "0.0.0.0:5432"; ordered.</param>
public sealed record ListenerFacts(string? Failure, ImmutableArray<string> Listening);
