using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Protocol;

/// <summary>Empty a runner: it gets nothing new, and what can go is moved elsewhere. Answered by <see cref="RunnerDrains"/> or <see cref="TrustRefused"/>.</summary>
/// <param name="Runner">Its name.</param>
/// <param name="DeadlineSeconds">How long connections of an instance that was moved may go on, when its service allows longer.</param>
public sealed record DrainRunner(RunnerId Runner, int DeadlineSeconds) : IWarpMessage;

/// <summary>Let a runner take services again; answered by <see cref="RunnerDrains"/>, also when it was not being drained, or by <see cref="TrustRefused"/>.</summary>
public sealed record UndrainRunner(RunnerId Runner) : IWarpMessage;

/// <summary>Which runners are being drained: in <see cref="ClusterTrust"/> to every directory, and as an answer.</summary>
/// <param name="Generation">Rises with each change; a lower one is late.</param>
/// <param name="Runners">One for each, ordered by name.</param>
public sealed record RunnerDrains(long Generation, ImmutableArray<RunnerDrain> Runners) : IWarpMessage
{
    /// <summary>Before the first.</summary>
    public static RunnerDrains None { get; } = new(0, []);

    /// <summary>The runner's; null when it is not being drained.</summary>
    public RunnerDrain? Find(RunnerId runner) => Runners.FirstOrDefault(drain => drain.Runner == runner);

    /// <summary>With this one, in place of another of the same runner.</summary>
    internal RunnerDrains With(RunnerDrain drain) =>
        new(Generation + 1, [.. Runners.Where(known => known.Runner != drain.Runner).Append(drain).OrderBy(known => known.Runner.Value, StringComparer.Ordinal)]);

    /// <summary>Without the runner's.</summary>
    internal RunnerDrains Without(RunnerId runner) => new(Generation + 1, [.. Runners.Where(known => known.Runner != runner)]);
}

/// <summary>A runner is being drained, or is empty and stays so.</summary>
/// <param name="Runner">Its name.</param>
/// <param name="DeadlineSeconds">As in <see cref="DrainRunner"/>.</param>
/// <param name="Since">When it was asked for.</param>
public sealed record RunnerDrain(RunnerId Runner, int DeadlineSeconds, DateTimeOffset Since);

/// <summary>To a deployment: it is this service's turn to leave a runner that is being drained. Said again until it has left; it does nothing where nothing is to leave.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Service">Which of its services.</param>
/// <param name="Runner">Which runner it is to leave.</param>
public sealed record MakeWay(DeploymentName Deployment, ServiceName Service, RunnerId Runner) : IDeploymentMessage;
