using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Runners;

/// <summary>A placement on this runner, as far as its container is concerned.</summary>
/// <param name="Key">Which container.</param>
/// <param name="Role">Its part in the service.</param>
/// <param name="Spec">What it runs.</param>
/// <param name="StopsFirst">Whether no other container of its replica may be there with it.</param>
/// <param name="Former">Whether it is of a spec before the wished one; its container may be of a still earlier one, which is not known any more.</param>
internal sealed record WantedContainer(ContainerKey Key, PlacementRole Role, ServiceSpec Spec, bool StopsFirst, bool Former = false)
{
    /// <summary>How long its connections may go on when it leaves; null: as the spec says.</summary>
    public int? DrainSeconds { get; init; }

    /// <summary>How it is to end when its turn comes.</summary>
    public RetireContainer Order => new(TimeSpan.FromSeconds(Spec.StopGraceSeconds), TimeSpan.FromSeconds(DrainSeconds ?? Spec.DrainSeconds));

    /// <summary>Whether its successor has taken over: it is not made or started any more.</summary>
    public bool Leaves => Role is PlacementRole.Draining or PlacementRole.Retiring;

    /// <summary>What is to be done about its container.</summary>
    public ContainerDuty Duty => Role switch
    {
        PlacementRole.Draining => ContainerDuty.Keep,
        PlacementRole.Retiring => StopsFirst ? ContainerDuty.Retire : ContainerDuty.Drain,
        _ => ContainerDuty.Run,
    };

    /// <summary>Whether the container is the one that is meant. Of one that is replaced it does not matter what it is made of.</summary>
    public bool Claims(ContainerKey container) => Leaves || Former ? container.Instance == Key.Instance : container == Key;

    /// <summary>Whether that container has to be gone before this one is made.</summary>
    public bool WaitsFor(ContainerKey other) => other != Key && (other.Instance == Key.Instance || (StopsFirst && Key.SharesReplicaWith(other)));
}
