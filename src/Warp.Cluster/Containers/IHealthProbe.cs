using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Containers;

/// <summary>Looks from the host whether a container of this runner is well.</summary>
public interface IHealthProbe
{
    /// <summary>Tries once. Whatever goes wrong is a result; the only reason to throw is the caller's own cancellation.</summary>
    /// <param name="target">Which container.</param>
    /// <param name="probe">What is tried.</param>
    /// <param name="timeout">After which the try counts as failed.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    Task<ProbeResult> ProbeAsync(ProbeTarget target, Probe probe, TimeSpan timeout, CancellationToken cancellationToken);
}

/// <summary>A container that runs.</summary>
/// <param name="ContainerId">The engine's id.</param>
/// <param name="Address">Its address on the deployment's bridge; null when the engine shows none, and then no port can be tried.</param>
public sealed record ProbeTarget(string ContainerId, Ipv4Address? Address);

/// <summary>What is tried.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Port">The container's TCP port, 1 to 65535; 0 for a command.</param>
/// <param name="Path">Path and query of the HTTP request, beginning with a slash; empty otherwise.</param>
/// <param name="Command">Program and arguments; empty otherwise.</param>
public sealed record Probe(HealthCheckKind Kind, int Port, string Path, ImmutableArray<string> Command);

/// <summary>What came of it.</summary>
/// <param name="Well">Whether the container is well.</param>
/// <param name="Seen">What the try saw, for a person, such as "port 8080 refuses connections".</param>
public sealed record ProbeResult(bool Well, string Seen);
