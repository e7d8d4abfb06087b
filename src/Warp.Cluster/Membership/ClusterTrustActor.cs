using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Persistence;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Membership;

/// <summary>
/// Whom the cluster takes: one actor on the control nodes, which keeps removals, CAs and drained runners in the journal and tells every runner and every directory. It has services leave
/// drained runners by turns.
/// </summary>
internal sealed class ClusterTrustActor : ReceivePersistentActor, IWithTimers
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly IActorRef _directory;
    private readonly IActorRef _catalog;
    private readonly TimeProvider _clock;
    private readonly IActorRef _pacer;
    private readonly Queue<(RemoveRunner Wish, IActorRef AskedBy)> _asked = new();
    private RunnerDirectory _runners = RunnerDirectory.Empty;
    private RemovedRunners _removed = RemovedRunners.None;
    private AuthoritySet? _authorities;
    private RunnerDrains _drains = RunnerDrains.None;
    private IActorRef? _committing;

    public ClusterTrustActor(IActorRef directory, IActorRef catalog, IActorRef deployments, TimeProvider clock)
    {
        (_directory, _catalog, _clock) = (directory, catalog, clock);
        _pacer = Context.ActorOf(DrainPacerActor.Props(catalog, deployments, clock), "drain-pacer");
        Recover<IClusterTrustEvent>(Apply);
        Command<GetClusterTrust>(_ => Sender.Tell(Trust()));
        Command<TrustAuthorities>(OnAuthorities);
        Command<RemoveRunner>(OnRemove);
        Command<DrainRunner>(OnDrain);
        Command<UndrainRunner>(OnUndrain);
        Command<DeploymentList>(OnDeployments);
        Command<RunnerDirectoryChanged>(change => _runners = change.Directory);
        Command<Tell>(_ => TellEverybody());
        Command<StopClusterTrust>(_ => Context.Stop(Self));
    }

    /// <inheritdoc/>
    public override string PersistenceId => "cluster-trust";

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="directory">The directory of this node.</param>
    /// <param name="catalog">The catalog of this node.</param>
    /// <param name="deployments">Takes <see cref="MakeWay"/>s.</param>
    /// <param name="clock">The time.</param>
    public static Props Props(IActorRef directory, IActorRef catalog, IActorRef deployments, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new ClusterTrustActor(directory, catalog, deployments, clock));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        base.PreStart();
        Context.System.EventStream.Subscribe<RunnerDirectoryChanged>(Self);
        _directory.Tell(new GetRunnerDirectory());
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void OnReplaySuccess() => Timers.StartPeriodicTimer(nameof(Tell), Tell.Instance, TimeSpan.Zero, TellEvery);

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        AnswerNotWritten(cause);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        AnswerNotWritten(cause);
        base.OnPersistRejected(cause, @event, sequenceNr);
    }

    // The catalog answers in the order in which it was asked.
    private void OnRemove(RemoveRunner wish)
    {
        _asked.Enqueue((wish, Sender));
        _catalog.Tell(new ListDeployments());
    }

    private void OnDeployments(DeploymentList list)
    {
        if (!_asked.TryDequeue(out var next))
        {
            return;
        }

        if (RunnerRemovalRule.Refusal(next.Wish, _runners, list.Deployments) is { } refusal)
        {
            next.AskedBy.Tell(new TrustRefused(refusal));
            return;
        }

        var removal = RunnerRemovalRule.Of(next.Wish.Runner, _runners, _clock.GetUtcNow());
        Commit(new RunnerRemovalRecorded(removal), next.AskedBy, () => new RunnerRemoved(removal));
    }

    private void OnAuthorities(TrustAuthorities wish)
    {
        if (wish.Authorities.Generation <= (_authorities?.Generation ?? 0))
        {
            Sender.Tell(new TrustRefused("somebody else has changed the CA meanwhile; look at 'warp ca status' and try again"));
            return;
        }

        Commit(new AuthoritiesRecorded(wish.Authorities), Sender, Trust);
    }

    private void OnDrain(DrainRunner wish)
    {
        if (_runners.Find(wish.Runner) is null)
        {
            Sender.Tell(new TrustRefused($"no runner '{wish.Runner}' has reported to this control node; see 'warp runners'"));
            return;
        }

        var before = _drains.Find(wish.Runner);
        var drain = new RunnerDrain(wish.Runner, wish.DeadlineSeconds, before?.Since ?? _clock.GetUtcNow());
        Change(drain == before ? _drains : _drains.With(drain));
    }

    private void OnUndrain(UndrainRunner wish) => Change(_drains.Find(wish.Runner) is null ? _drains : _drains.Without(wish.Runner));

    private void Change(RunnerDrains drains)
    {
        if (ReferenceEquals(drains, _drains))
        {
            Sender.Tell(drains);
        }
        else
        {
            Commit(new DrainsRecorded(drains), Sender, () => drains);
        }
    }

    private void Commit(IClusterTrustEvent happened, IActorRef askedBy, Func<IWarpMessage> answer)
    {
        _committing = askedBy;
        Persist(happened, written =>
        {
            _committing = null;
            Apply(written);
            TellEverybody();
            askedBy.Tell(answer());
        });
    }

    private void Apply(IClusterTrustEvent happened)
    {
        switch (happened)
        {
            case RunnerRemovalRecorded recorded:
                _removed = _removed.With(recorded.Removal);
                _drains = _drains.Find(recorded.Removal.Runner) is { } drained ? _drains.Without(drained.Runner) : _drains;
                break;
            case DrainsRecorded recorded:
                _drains = recorded.Drains;
                break;
            case AuthoritiesRecorded recorded:
                _authorities = recorded.Authorities;
                break;
        }
    }

    private ClusterTrust Trust() => new(_removed.All, _authorities, _drains);

    private void TellEverybody()
    {
        _pacer.Tell(_drains);
        var trust = Trust();
        var state = _cluster.State;
        foreach (var member in state.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.WeaklyUp && !state.Unreachable.Contains(member)))
        {
            var user = new RootActorPath(member.Address) / "user";
            if (member.HasRole(ClusterRoles.Runner))
            {
                Context.ActorSelection(user / ActorNames.Runner).Tell(trust);
            }

            if (member.HasRole(ClusterRoles.Control))
            {
                Context.ActorSelection(user / ActorNames.Directory).Tell(trust);
            }
        }
    }

    private void AnswerNotWritten(Exception cause)
    {
        _committing?.Tell(new TrustRefused($"the control node's database did not take the change ({cause.Message}); look at its disk and the node's log, then try again"));
        _committing = null;
    }

    private sealed class Tell : INoSerializationVerificationNeeded
    {
        public static Tell Instance { get; } = new();
    }
}

/// <summary>Asks the actor of the cluster's trust to stop once the journal has what was accepted: its keeper sends it when another control node takes over.</summary>
internal sealed class StopClusterTrust : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    /// <summary>The one.</summary>
    public static StopClusterTrust Instance { get; } = new();
}
