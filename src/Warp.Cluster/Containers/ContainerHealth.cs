using Warp.Cluster.Protocol;

namespace Warp.Cluster.Containers;

/// <summary>What is known about one container's health since its start; immutable, moments are handed in.</summary>
/// <param name="Plan">How it is looked at.</param>
/// <param name="Since">When the container started.</param>
/// <param name="Health">What was found.</param>
internal sealed record ContainerHealth(HealthPlan Plan, DateTimeOffset Since, InstanceHealth Health)
{
    private static readonly TimeSpan FirstPace = TimeSpan.FromMilliseconds(100);

    /// <summary>Failed tries in a row.</summary>
    public int Failures { get; private init; }

    /// <summary>Why it is not ready, for a person; null when it is, or nobody has looked.</summary>
    public string? Cause { get; private init; }

    /// <summary>At the beginning.</summary>
    /// <param name="plan">How it is looked at.</param>
    /// <param name="since">When the container started.</param>
    /// <param name="adopted">Whether it ran before this process began to look; then it is unknown until somebody has, and not taken for a fresh one.</param>
    /// <param name="now">The time.</param>
    public static ContainerHealth Begin(HealthPlan plan, DateTimeOffset since, bool adopted, DateTimeOffset now) => new(
        plan,
        since,
        plan.Probe is null || (!plan.Asked && now - since >= plan.Start) ? InstanceHealth.Ready : adopted ? InstanceHealth.Unknown : InstanceHealth.Starting);

    /// <summary>After a try.</summary>
    public ContainerHealth With(ProbeResult result, DateTimeOffset now)
    {
        if (result.Well)
        {
            return this with { Health = InstanceHealth.Ready, Failures = 0, Cause = null };
        }

        var failed = this with { Failures = Failures + 1 };
        if (Health != InstanceHealth.Ready && now - Since < Plan.Start)
        {
            return failed with { Health = InstanceHealth.Starting, Cause = $"not ready yet: {result.Seen}" };
        }

        if (!Plan.Asked)
        {
            return failed with { Health = InstanceHealth.Ready, Cause = null };
        }

        return Health == InstanceHealth.Starting
            ? failed with { Health = InstanceHealth.Unhealthy, Cause = $"it was not ready within {Plan.Start.TotalSeconds:0} s: {result.Seen}" }
            : failed.Failures < Plan.Retries
                ? failed
                : failed with { Health = InstanceHealth.Unhealthy, Cause = $"its health check failed {failed.Failures} times in a row: {result.Seen}" };
    }

    /// <summary>
    /// How long until the next try; null when there is none. A container that has yet to become ready is looked at often at first, and then so often that its being ready is seen
    /// at most a tenth later than it took.
    /// </summary>
    public TimeSpan? NextAfter(DateTimeOffset now)
    {
        if (Plan.Probe is null || (Health == InstanceHealth.Ready && !Plan.Asked))
        {
            return null;
        }

        if (Health != InstanceHealth.Starting)
        {
            return Plan.Interval;
        }

        var tenth = (now - Since) / 10;
        return tenth < FirstPace ? FirstPace : tenth < Plan.Interval ? tenth : Plan.Interval;
    }
}
