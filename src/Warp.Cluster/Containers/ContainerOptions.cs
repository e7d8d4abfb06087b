using Warp.Cluster.Runners;

namespace Warp.Cluster.Containers;

/// <summary>The rhythms of a container's actor.</summary>
public sealed record ContainerOptions
{
    /// <summary>Between attempts that fail. A container's first restart does not wait.</summary>
    public BackOff Restart { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

    /// <summary>How long a container has to run until earlier failures are forgotten.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest time that one pull may take.</summary>
    public TimeSpan PullDeadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The longest time that any other call to the engine may take; a stop gets its grace on top.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often progress of a pull is reported at most.</summary>
    public TimeSpan ProgressEvery { get; init; } = TimeSpan.FromSeconds(1);
}
