using Warp.Cluster.Protocol;

namespace Warp.Cluster.Registries;

/// <summary>Where a runner keeps the cluster's logins, sealed as they are, so that it can pull without a control node.</summary>
public interface IRegistryLoginStore
{
    /// <summary>Replaces what is kept.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    Task SaveAsync(RegistryLogins logins, CancellationToken cancellationToken);
}
