using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Containers;

/// <summary>A container that is to run here. What it is made of is decided by the key; everything else takes effect when it is made anew.</summary>
/// <param name="Key">Which.</param>
/// <param name="Assignment">All services of the deployment.</param>
/// <param name="Spec">What the container runs.</param>
/// <param name="Runner">This runner.</param>
/// <param name="Network">The deployment's network; null until it is made, and then the container can be adopted but not made.</param>
/// <param name="Restart">What follows when it ends by itself; takes effect at once; null: it is not started (again) in any case.</param>
internal sealed record ContainerWish(ContainerKey Key, Assignment Assignment, ServiceSpec Spec, RunnerId Runner, BridgeNetwork? Network, RestartPolicy? Restart)
{
    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace => TimeSpan.FromSeconds(Spec.StopGraceSeconds);

    /// <summary>The plan of the container.</summary>
    /// <param name="network">The deployment's network.</param>
    /// <param name="imagePort">The image's single EXPOSEd TCP port; null when none or several.</param>
    public ContainerPlan ToPlan(BridgeNetwork network, int? imagePort) => new(
        Key.Instance,
        network.NetworkId,
        Spec.Image,
        Spec.Args,
        ContainerEnvironment.Of(Assignment, Spec, Runner, imagePort),
        ContainerEnvironment.Hosts(Assignment),
        Key.SpecHash)
    {
        NameServer = network.Gateway,
        Resources = Spec.Resources,
        Volumes = Spec.Volumes,
    };
}
