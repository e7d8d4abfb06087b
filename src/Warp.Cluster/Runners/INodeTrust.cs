using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>The node's certificates, as the runner's actors reach them.</summary>
public interface INodeTrust
{
    /// <summary>What is in force now; null on a node without certificates. Cheap to ask.</summary>
    RunnerCertificates? Certificates { get; }

    /// <summary>What an operator should look at now, for a person; empty when all is well. Cheap to ask.</summary>
    ImmutableArray<string> Problems { get; }

    /// <summary>Keeps what a control node says, on disk and in force: from now on nobody who was removed is taken, and what such a one has open is ended.</summary>
    /// <exception cref="IOException">The disk does not take it; it is in force all the same.</exception>
    Task TakeAsync(ClusterTrust trust, CancellationToken cancellationToken);
}

/// <summary>A node without certificates.</summary>
internal sealed class NoTrust : INodeTrust
{
    /// <summary>The one there is.</summary>
    public static NoTrust Instance { get; } = new();

    /// <inheritdoc/>
    public RunnerCertificates? Certificates => null;

    /// <inheritdoc/>
    public ImmutableArray<string> Problems => [];

    /// <inheritdoc/>
    public Task TakeAsync(ClusterTrust trust, CancellationToken cancellationToken) => Task.CompletedTask;
}
