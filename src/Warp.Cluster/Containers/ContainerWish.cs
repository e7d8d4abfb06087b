using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Containers;

/// <summary>A container that is to run here. What it is made of is decided by the key; everything else takes effect when it is made anew.</summary>
/// <param name="Key">Which.</param>
/// <param name="Assignment">All services of the deployment.</param>
/// <param name="Service">The container's own service.</param>
/// <param name="Runner">This runner.</param>
/// <param name="NetworkId">The deployment's network; null until it is made, and then the container can be adopted but not made.</param>
internal sealed record ContainerWish(ContainerKey Key, Assignment Assignment, ServiceAssignment Service, RunnerId Runner, string? NetworkId)
{
    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace => TimeSpan.FromSeconds(Service.Spec.StopGraceSeconds);

    /// <summary>The plan of the container.</summary>
    /// <param name="networkId">The deployment's network.</param>
    /// <param name="imagePort">The image's single EXPOSEd TCP port; null when none or several.</param>
    public ContainerPlan ToPlan(string networkId, int? imagePort) => new(
        Key.Instance,
        networkId,
        Service.Spec.Image,
        Service.Spec.Args,
        ContainerEnvironment.Of(Assignment, Service.Spec, Runner, imagePort),
        ContainerEnvironment.Hosts(Assignment),
        Key.SpecHash);
}
