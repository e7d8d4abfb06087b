using Warp.Cluster.Identity;

namespace Warp.Cluster.Containers;

/// <summary>What makes a container this one and no other: its place in the plan and what it is made of.</summary>
/// <param name="Instance">Its place.</param>
/// <param name="SpecHash">From <see cref="Specs.ServiceSpecHash"/>.</param>
internal sealed record ContainerKey(InstanceId Instance, string SpecHash)
{
    /// <summary>Whether both are containers of the same replica; only one of them may be there at a time.</summary>
    public bool SharesReplicaWith(ContainerKey other) => Instance.Service == other.Instance.Service && Instance.Ordinal == other.Instance.Ordinal;
}
