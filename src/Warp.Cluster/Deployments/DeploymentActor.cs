using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>
/// One deployment: keeps what is wished, decides where it goes, tells the runners, and compares for ever. A sharded, remembered entity on control nodes. It answers a wish only when
/// the journal has it.
/// </summary>
internal sealed class DeploymentActor : ReceivePersistentActor, IWithTimers
{
    private readonly DeploymentName _name;
    private readonly DeploymentActorSettings _settings;
    private readonly IActorRef _directory;
    private readonly IActorRef _catalog;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RunnerContacts _runners = new();
    private DeploymentState _state;
    private IActorRef? _awaitsJournal;
    private int _eventsSinceSnapshot;

    public DeploymentActor(DeploymentName name, DeploymentActorSettings settings, IActorRef directory, IActorRef catalog)
    {
        (_name, _settings, _directory, _catalog) = (name, settings, directory, catalog);
        _state = DeploymentState.Initial(name);
        Recover<SnapshotOffer>(offer => _state = (DeploymentState)offer.Snapshot);
        Recover<IDeploymentEvent>(@event => _state = _state.Apply(@event));
        Become(AwaitingDirectory);
    }

    /// <inheritdoc/>
    public override string PersistenceId => $"deployment/{_name}";

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make one.</summary>
    public static Props Props(DeploymentName name, DeploymentActorSettings settings, IActorRef directory, IActorRef catalog) =>
        Akka.Actor.Props.Create(() => new DeploymentActor(name, settings, directory, catalog));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        base.PreStart();
        Context.System.EventStream.Subscribe<RunnerDirectoryChanged>(Self);
        _directory.Tell(new GetRunnerDirectory());
        Timers.StartPeriodicTimer(nameof(Reconcile), Reconcile.Instance, _settings.ReconcileEvery);
        Timers.StartPeriodicTimer(nameof(Announce), Announce.Instance, _settings.AnnounceEvery);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        base.PostStop();
    }

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

    /// <summary>No decision without a view of the runners: a wish that comes first has to wait a moment.</summary>
    private void AwaitingDirectory()
    {
        Command<RunnerDirectoryChanged>(change =>
        {
            Become(Ready);
            Stash.UnstashAll();
            OnDirectory(change);
            TellCatalog();
        });
        Command<StopDeployment>(_ => Context.Stop(Self));
        CommandAny(_ => Stash.Stash());
    }

    private void Ready()
    {
        Command<ApplyDeployment>(OnApply);
        Command<RemoveDeployment>(_ => OnRemove());
        Command<GetDeployment>(_ => OnGet());
        Command<RunnerReport>(OnReport);
        Command<RunnerDirectoryChanged>(OnDirectory);
        Command<Reconcile>(_ => OnReconcile());
        Command<Announce>(_ => TellCatalog());
        Command<StopDeployment>(_ => Context.Stop(Self));
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => _log.Warning(failed.Cause, "no snapshot of {0} could be written; its start will replay more events", _name));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => _log.Warning(failed.Cause, "older snapshots of {0} could not be deleted; they only take room", _name));
    }

    private void OnApply(ApplyDeployment wish)
    {
        var decision = DeploymentDecider.Apply(_state, wish.Spec, _runners.Directory, _settings.IstRange);
        if (!decision.Problems.IsEmpty)
        {
            Sender.Tell(new DeploymentRejected(_name, decision.Problems));
            PassivateWithoutWish();
            return;
        }

        var sender = Sender;
        var changed = !decision.Events.IsEmpty;
        _awaitsJournal = sender;
        Commit(decision, () => sender.Tell(new DeploymentAccepted(_name, _state.Revision, changed, View())));
    }

    private void OnRemove()
    {
        if (_state.Spec is null)
        {
            Sender.Tell(new DeploymentNotFound(_name));
            PassivateWithoutWish();
            return;
        }

        var sender = Sender;
        _awaitsJournal = sender;
        Commit(DeploymentDecider.Remove(_state), () => sender.Tell(new DeploymentRemoving(_name)));
    }

    private void OnGet()
    {
        Sender.Tell(_state.Spec is null ? new DeploymentNotFound(_name) : View());
        PassivateWithoutWish();
    }

    private void OnReport(RunnerReport report)
    {
        if (!_state.HasHistory)
        {
            Sender.Tell(new DeploymentUnknown(_name));
            PassivateWithoutWish();
            return;
        }

        var news = _runners.Take(report, Sender, _state.Version);
        if (news && report.AssignmentVersion > _state.Version)
        {
            _log.Warning(
                "the runner {0} works from version {1} of {2}, the journal has only {3}; was an older database restored? The runner keeps what it has",
                report.Runner, report.AssignmentVersion, _name, _state.Version);
        }

        var decision = DeploymentDecider.Observe(_state, report);
        if (decision.Events.IsEmpty && report.AssignmentVersion < _state.Version)
        {
            Sender.Tell(DeploymentPlan.Assignment(_state));
        }

        Commit(decision, PassivateWithoutWish);
        if (news && decision.Events.IsEmpty)
        {
            TellCatalog();
        }
    }

    private void OnDirectory(RunnerDirectoryChanged change)
    {
        var visible = _runners.Take(change, _state.Runners) || _state.Services.Any(service => service.Placements.IsEmpty);
        var decision = DeploymentDecider.PlaceWaiting(_state, change.Directory);
        if (decision.Events.IsEmpty)
        {
            if (visible)
            {
                TellCatalog();
            }

            return;
        }

        Commit(decision, () => { });
    }

    private void OnReconcile()
    {
        _runners.Send(DeploymentPlan.Assignment(_state), _runners.TakeOverdue(_state.Runners));
        PassivateWithoutWish();
    }

    private void Commit(Decision decision, Action afterwards)
    {
        if (decision.Events.IsEmpty)
        {
            _awaitsJournal = null;
            afterwards();
            return;
        }

        var version = _state.Version;
        var last = decision.Events[^1];
        PersistAll(decision.Events, @event =>
        {
            _state = _state.Apply(@event);
            _eventsSinceSnapshot++;
            if (ReferenceEquals(@event, last))
            {
                _awaitsJournal = null;
                Spread(version);
                afterwards();
            }
        });
    }

    private void Spread(long versionBefore)
    {
        if (_state.Version != versionBefore)
        {
            _runners.Send(DeploymentPlan.Assignment(_state), _state.Runners);
        }

        TellCatalog();
        if (_eventsSinceSnapshot >= _settings.SnapshotEvery)
        {
            _eventsSinceSnapshot = 0;
            SaveSnapshot(_state);
        }
    }

    private void TellCatalog() => _catalog.Tell(_state.Spec is null ? new ForgetDeployment(_name) : new AnnounceDeployment(View()));

    private DeploymentView View() => DeploymentPlan.View(_state, _runners.Reports, _runners.Directory);

    private void AnswerNotWritten(Exception cause)
    {
        _log.Error(cause, "the journal did not take an event of {0}", _name);
        _awaitsJournal?.Tell(new DeploymentRejected(_name,
            [new SpecProblem("", $"the control node's database could not take the change ({cause.Message}); look at its disk and its log, then send the wish again")]));
        _awaitsJournal = null;
    }

    private void PassivateWithoutWish()
    {
        if (_state.Spec is null)
        {
            Context.Parent.Tell(new Passivate(StopDeployment.Instance));
        }
    }

    private sealed class Reconcile : INotInfluenceReceiveTimeout, INoSerializationVerificationNeeded
    {
        public static Reconcile Instance { get; } = new();
    }

    private sealed class Announce : INotInfluenceReceiveTimeout, INoSerializationVerificationNeeded
    {
        public static Announce Instance { get; } = new();
    }
}

/// <summary>Asks a deployment actor to stop once the journal has what was accepted: the shard sends it at passivation and hand-over.</summary>
internal sealed class StopDeployment : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    /// <summary>The one.</summary>
    public static StopDeployment Instance { get; } = new();
}
