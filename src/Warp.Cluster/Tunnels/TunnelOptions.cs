using Warp.Cluster.Runners;

namespace Warp.Cluster.Tunnels;

/// <summary>The rhythms of a tunnel's actor.</summary>
public sealed record TunnelOptions
{
    /// <summary>Between dials that fail.</summary>
    public BackOff Redial { get; init; } = new(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(15));

    /// <summary>The first dial waits up to this long, so that runners that start together do not all dial at once.</summary>
    public TimeSpan StartJitter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many trunks a link should have, dialled by either side: with two, a bulk stream does not delay the others.</summary>
    public int Trunks { get; init; } = 2;

    /// <summary>The longest time that one dial may take.</summary>
    public TimeSpan DialDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a link has to be up until earlier failures are forgotten.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long open streams may go on when the link is not needed any more.</summary>
    public TimeSpan DrainDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often counters are read.</summary>
    public TimeSpan CountEvery { get; init; } = TimeSpan.FromSeconds(1);
}
