using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Containers;

/// <summary>What is known of a container; immutable, so that its actor's transitions can be read as values.</summary>
/// <param name="Key">Which.</param>
/// <param name="Phase">Where it is in its life.</param>
internal sealed record ContainerLife(ContainerKey Key, InstancePhase Phase)
{
    /// <summary>The engine's id; null when there is none.</summary>
    public string? ContainerId { get; init; }

    /// <summary>As the engine showed it last; null when it never did.</summary>
    public ObservedContainer? Seen { get; init; }

    /// <summary>How many times it was started again.</summary>
    public int Restarts { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>The image's single EXPOSEd TCP port.</summary>
    public int? ImagePort { get; init; }

    /// <summary>Why it does not run; null when there is nothing to say.</summary>
    public string? Cause { get; init; }

    /// <summary>Whether the image was on the runner at an earlier attempt.</summary>
    public bool ImageSeen { get; init; }

    /// <summary>Whether the container cannot be started any more, because something that it needs is gone.</summary>
    public bool Unusable { get; init; }

    /// <summary>Whether the last failure was the engine's absence.</summary>
    public bool WaitsForEngine { get; init; }

    /// <summary>Whether it may take connections, as far as was seen since its last start.</summary>
    public InstanceHealth Health { get; init; }

    /// <summary>When it ended, lately.</summary>
    public EndHistory Ends { get; init; } = EndHistory.None;

    /// <summary>Whether it ran before the last failure.</summary>
    private bool HadRun { get; init; }

    /// <summary>At the beginning.</summary>
    /// <param name="key">Which.</param>
    /// <param name="found">A container that is there already; null when none is.</param>
    /// <param name="phase">Its phase.</param>
    public static ContainerLife Begin(ContainerKey key, ObservedContainer? found, InstancePhase phase) => new(key, phase)
    {
        ContainerId = found?.ContainerId,
        Seen = found,
        ImagePort = found?.ImagePort,
    };

    /// <summary>The engine showed it; a start that differs from the last one counts as a restart, whoever did it.</summary>
    public ContainerLife With(ObservedContainer seen) => this with
    {
        ContainerId = seen.ContainerId,
        Seen = seen,
        ImagePort = seen.ImagePort ?? ImagePort,
        Restarts = Seen?.StartedAt is { } before && seen.StartedAt is { } now && now != before ? Restarts + 1 : Restarts,
    };

    /// <summary>A launch goes on.</summary>
    public ContainerLife With(LaunchStep step) => this with
    {
        Phase = step.Phase,
        Cause = step.Text ?? (Phase == InstancePhase.Pulling && step.Phase != Phase ? null : Cause),
        ImageSeen = ImageSeen || step.Phase == InstancePhase.Creating,
        ImagePort = step.ImagePort ?? ImagePort,
    };

    /// <summary>The engine did not do it. Something not found while a container is there means that it lost what it needs (such as its network): it has to be made anew.</summary>
    public ContainerLife With(RuntimeFailure failure, ServiceSpec spec) => this with
    {
        Failures = Failures + 1,
        HadRun = false,
        Cause = ContainerCause.OfFailure(failure, spec),
        WaitsForEngine = failure.Kind == RuntimeFailureKind.EngineUnavailable,
        Unusable = failure.Kind == RuntimeFailureKind.NotFound,
        ImageSeen = ImageSeen && failure.Kind != RuntimeFailureKind.NotFound,
    };

    /// <summary>It runs.</summary>
    public ContainerLife Runs() => this with { Phase = InstancePhase.Running, Cause = null, WaitsForEngine = false, Unusable = false };

    /// <summary>It runs, and somebody looked at how it is.</summary>
    public ContainerLife With(InstanceHealth health, string? cause) => this with { Health = health, Cause = cause };

    /// <summary>It was stopped, because it was not well.</summary>
    public ContainerLife Halted() => this with { Seen = Seen is null ? null : Seen with { Running = false, Address = null } };

    /// <summary>It had been started and does not run any more.</summary>
    /// <param name="cause">Why, for a person.</param>
    /// <param name="now">The time.</param>
    public ContainerLife Ended(string cause, DateTimeOffset now)
    {
        var ends = Ends.With(now);
        return this with { Failures = Failures + 1, Ends = ends, Cause = ends.Explain(cause), HadRun = true, WaitsForEngine = false, Health = InstanceHealth.Unknown };
    }

    /// <summary>Whether it is to be started (again). What never ran is tried again whatever the policy; what somebody removed did not end well.</summary>
    /// <param name="policy">What follows when it ends by itself; null: it is not started in any case.</param>
    public bool StartsAgain(RestartPolicy? policy) => policy switch
    {
        null => false,
        _ when !HadRun => true,
        RestartPolicy.Never => false,
        RestartPolicy.OnFailure => Seen is not { ExitCode: 0 },
        _ => true,
    };

    /// <summary>How long to wait until the next launch. The first time that a container ends, not at all.</summary>
    public TimeSpan Delay(BackOff restart) => restart.After(HadRun ? Failures - 1 : Failures);

    /// <summary>There is no container any more.</summary>
    public ContainerLife Without() => this with { ContainerId = null, Seen = null, Restarts = Seen?.StartedAt is null ? Restarts : Restarts + 1 };

    /// <summary>As it is reported.</summary>
    public InstanceObserved ToObserved()
    {
        var running = Seen is { Running: true } ? Seen : null;
        return new InstanceObserved(Key.Instance, Phase, ContainerId, running?.Address, running?.StartedAt, Restarts, ImagePort, Phase == InstancePhase.Ended ? $"{Cause ?? "it does not run"}; it is not started again" : Cause, running is null ? InstanceHealth.Unknown : Health);
    }
}
