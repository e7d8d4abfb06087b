using Warp.Cluster.Identity;

namespace Warp.Node.Routing;

/// <summary>A container of this runner that can be dialled; the same object in each snapshot of the routes as long as it has its place and its address.</summary>
/// <param name="instance">Which.</param>
/// <param name="address">Its address on the deployment's bridge.</param>
public sealed class LocalInstance(InstanceId instance, Ipv4Address address) : ICounted
{
    /// <summary>Which.</summary>
    public InstanceId Instance => instance;

    /// <summary>Its address on the deployment's bridge.</summary>
    public Ipv4Address Address => address;

    /// <summary>The connections that the relay has open to it; those that the kernel translates are not among them.</summary>
    public ConnectionCount Connections { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => $"{instance} at {address}";
}
