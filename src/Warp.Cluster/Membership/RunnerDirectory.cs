using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Membership;

/// <summary>The runners as a control node knows them at one moment; an immutable snapshot.</summary>
/// <param name="Runners">Every runner heard of since the node started, by name.</param>
/// <param name="Settled">Whether the node has listened long enough that a runner it does not know is not just late.</param>
internal sealed record RunnerDirectory(ImmutableArray<RunnerView> Runners, bool Settled)
{
    /// <summary>Before any report.</summary>
    public static RunnerDirectory Empty { get; } = new([], false);

    /// <summary>Runners that were removed from the cluster for ever, and were not added again.</summary>
    public ImmutableHashSet<RunnerId> Removed { get; init; } = [];

    /// <summary>Runners that were heard of, and not for longer than the grace.</summary>
    public ImmutableHashSet<RunnerId> Silent { get; init; } = [];

    /// <summary>Whether the node has listened for longer than the grace: then a runner that it never heard of is as silent as one that it did.</summary>
    public bool Waited { get; init; }

    /// <summary>Whether at least half of the known runners are reachable. Otherwise it is this node that is cut off, and not they.</summary>
    public bool SeesMost => Runners.Count(runner => runner.Reachable) * 2 >= Runners.Length;

    /// <summary>Whether nothing was heard of the runner for longer than the grace.</summary>
    public bool IsGone(RunnerId runner) => Find(runner) is null ? Waited : Silent.Contains(runner);

    /// <summary>The runners that were heard of lately.</summary>
    public IEnumerable<RunnerId> Reachable => Runners.Where(view => view.Reachable).Select(view => view.Status.Runner);

    /// <summary>The runner; null when it was never heard of.</summary>
    public RunnerView? Find(RunnerId runner) => Runners.FirstOrDefault(view => view.Status.Runner == runner);

    /// <summary>Whether the runner is to be empty: it gets nothing that it does not have.</summary>
    public bool IsDrained(RunnerId runner) => Find(runner) is { Drain: not null };

    /// <summary>Whether the other one says the same but for how many instances the runners have.</summary>
    public bool IsLike(RunnerDirectory other) =>
        Settled == other.Settled && Waited == other.Waited && Removed.SetEquals(other.Removed) && Silent.SetEquals(other.Silent)
        && Runners.Length == other.Runners.Length && Runners.Zip(other.Runners, IsLike).All(same => same);

    /// <summary>Whether the runner was heard of lately.</summary>
    public bool IsReachable(RunnerId runner) => Find(runner) is { Reachable: true };

    private static bool IsLike(RunnerView one, RunnerView other) =>
        one.Reachable == other.Reachable
        && one.Drain == other.Drain
        && one.Status.Runner == other.Status.Runner
        && one.Status.EngineReady == other.Status.EngineReady
        && one.Status.Volumes.SequenceEqual(other.Status.Volumes);
}

/// <summary>Directory to the deployment actors of its node, over the event stream, and as the answer to <see cref="GetRunnerDirectory"/>.</summary>
/// <param name="Directory">The runners.</param>
/// <param name="Actors">Where each runner's actor is; runners that are not reachable may be missing.</param>
internal sealed record RunnerDirectoryChanged(RunnerDirectory Directory, ImmutableDictionary<RunnerId, IActorRef> Actors) : INoSerializationVerificationNeeded;

/// <summary>Asks the directory of the same node; answered by <see cref="RunnerDirectoryChanged"/>.</summary>
internal sealed record GetRunnerDirectory : INoSerializationVerificationNeeded;
