using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>The only one who writes to the runner's disk: one write at a time, the newest of each deployment, tried again until the disk takes it.</summary>
internal sealed class AssignmentKeeperActor : ReceiveActor, IWithTimers
{
    /// <summary>The source of its problems.</summary>
    public const string ProblemSource = "disk";

    private const string Peers = "peers";
    private static readonly Signal Rested = new("Rested");
    private readonly IAssignmentStore _store;
    private readonly RunnerOptions _options;
    private readonly IActorRef _problems;
    private readonly Dictionary<string, Func<CancellationToken, Task>> _waiting = new(StringComparer.Ordinal);
    private (string Key, Func<CancellationToken, Task> Write)? _underway;
    private bool _resting;

    public AssignmentKeeperActor(IAssignmentStore store, RunnerOptions options, IActorRef problems)
    {
        (_store, _options, _problems) = (store, options, problems);
        Receive<KeepAssignment>(m => Add($"deployment {m.Assignment.Deployment}", token => _store.SaveAsync(m.Assignment, token)));
        Receive<ForgetAssignment>(m => Add($"deployment {m.Deployment}", token => _store.DeleteAsync(m.Deployment, token)));
        Receive<KeepPublicRoutes>(m => Add($"public URLs of {m.Routes.Deployment}", token => _store.SavePublicAsync(m.Routes, token)));
        Receive<ForgetPublicRoutes>(m => Add($"public URLs of {m.Deployment}", token => _store.DeletePublicAsync(m.Deployment, token)));
        Receive<KeepPeers>(m => Add(Peers, token => _store.SavePeersAsync(m.Peers, token)));
        Receive<Written>(Came);
        Receive<Signal>(Rested.Equals, _ =>
        {
            _resting = false;
            Go();
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="store">The disk.</param>
    /// <param name="options">Its rhythms.</param>
    /// <param name="problems">Takes <see cref="ProblemsAre"/>.</param>
    public static Props Props(IAssignmentStore store, RunnerOptions options, IActorRef problems) => Akka.Actor.Props.Create(() => new AssignmentKeeperActor(store, options, problems));

    private void Add(string key, Func<CancellationToken, Task> write)
    {
        _waiting[key] = write;
        Go();
    }

    private void Go()
    {
        if (_underway is not null || _resting || _waiting.Count == 0)
        {
            return;
        }

        var (key, write) = _waiting.First();
        _waiting.Remove(key);
        _underway = (key, write);
        _ = RunAsync(write).PipeTo(Self, success: () => new Written(null), failure: e => new Written(e.Message));
    }

    private static async Task RunAsync(Func<CancellationToken, Task> write) => await write(CancellationToken.None).ConfigureAwait(false);

    private void Came(Written written)
    {
        var (key, write) = _underway!.Value;
        _underway = null;
        if (written.Problem is { } problem)
        {
            _waiting.TryAdd(key, write);
            _resting = true;
            Timers.StartSingleTimer(Rested, Rested, _options.StoreRetry);
            _problems.Tell(new ProblemsAre(ProblemSource, [$"what this runner works from cannot be kept on disk ({key}): {problem}; after a restart it has to wait for a control node"]));
        }
        else
        {
            _problems.Tell(new ProblemsAre(ProblemSource, []));
            Go();
        }
    }

    private sealed record Written(string? Problem) : INoSerializationVerificationNeeded;
}

/// <summary>Keep this assignment instead of the deployment's earlier one.</summary>
internal sealed record KeepAssignment(Assignment Assignment) : INoSerializationVerificationNeeded;

/// <summary>Keep nothing of this deployment.</summary>
internal sealed record ForgetAssignment(DeploymentName Deployment) : INoSerializationVerificationNeeded;

/// <summary>Keep these public URLs instead of the deployment's earlier ones.</summary>
internal sealed record KeepPublicRoutes(PublicRoutes Routes) : INoSerializationVerificationNeeded;

/// <summary>Keep no public URLs of this deployment.</summary>
internal sealed record ForgetPublicRoutes(DeploymentName Deployment) : INoSerializationVerificationNeeded;

/// <summary>Keep these peers instead of the earlier ones.</summary>
internal sealed record KeepPeers(PeerList Peers) : INoSerializationVerificationNeeded;
