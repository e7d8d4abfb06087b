using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>
/// One deployment: keeps what is wished, decides where it goes, tells the runners, and compares for ever. A sharded, remembered entity on control nodes. It answers a wish only when
/// the journal has it.
/// </summary>
internal sealed class DeploymentActor : JournaledDeploymentActor, IWithTimers
{
    private readonly DeploymentName _name;
    private readonly DeploymentActorSettings _settings;
    private readonly IActorRef _directory;
    private readonly RunnerContacts _runners;
    private readonly DeploymentNews _news;

    // Since this actor was made; a journal is restored only while none is there.
    private bool _wished;

    public DeploymentActor(DeploymentName name, DeploymentActorSettings settings, IActorRef directory, IActorRef catalog)
        : base(name, settings.SnapshotEvery)
    {
        (_name, _settings, _directory) = (name, settings, directory);
        _runners = new RunnerContacts(settings.Clock);
        _news = new DeploymentNews(_runners, catalog);
        Become(AwaitingDirectory);
    }

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

    /// <summary>No decision without a view of the runners: a wish that comes first has to wait a moment.</summary>
    private void AwaitingDirectory()
    {
        Command<RunnerDirectoryChanged>(change =>
        {
            Become(Ready);
            Stash.UnstashAll();
            OnDirectory(change);
            _news.TellCatalog(State);
        });
        Command<StopDeployment>(_ => Context.Stop(Self));
        CommandAny(_ => Stash.Stash());
    }

    private void Ready()
    {
        Command<ApplyDeployment>(OnWish);
        Command<ChangeDeployment>(OnWish);
        Command<RemoveDeployment>(OnWish);
        Command<PlanDeployment>(OnPlan);
        Command<GetDeployment>(_ => OnQuestion(View));
        Command<GetDeploymentHistory>(_ => OnQuestion(() => RevisionHistory.View(State)));
        Command<RunnerReport>(OnReport);
        Command<MakeWay>(OnTurn);
        Command<RunnerDirectoryChanged>(OnDirectory);
        Command<Reconcile>(_ => OnReconcile());
        Command<Advance>(_ => Proceed(() => { }));
        Command<Announce>(_ => _news.Repeat(State));
        Command<StopDeployment>(_ => Context.Stop(Self));
        HandleSnapshots(PassivateWithoutWish);
    }

    private void OnWish(IDeploymentMessage wish)
    {
        var decision = WishDecider.Decide(State, wish, _runners.Sight, _settings.IstRange);
        if (decision.Refusal is { } refusal)
        {
            Sender.Tell(refusal);
            PassivateWithoutWish();
            return;
        }

        _wished |= !decision.Events.IsEmpty;
        var (sender, revision) = (Sender, State.Revision);
        CommitAndTell(decision, sender, () => sender.Tell(wish is RemoveDeployment
            ? new DeploymentRemoving(_name)
            : new DeploymentAccepted(_name, decision.Repeats ?? State.Revision, State.Revision != revision, View())));
    }

    private void OnPlan(PlanDeployment wish)
    {
        Sender.Tell(WishPlan.Of(State, wish.Spec, _runners.Sight, _settings.IstRange));
        PassivateWithoutWish();
    }

    private void OnQuestion(Func<IWarpMessage> answer)
    {
        Sender.Tell(State.Spec is null ? new DeploymentNotFound(_name) : answer());
        PassivateWithoutWish();
    }

    private void OnReport(RunnerReport report)
    {
        if (_runners.IsRival(report, Sender))
        {
            return;
        }

        var news = _runners.Take(report, Sender, State.Version);
        var recovery = RecoveryDecider.Recover(State, report, _runners.Sight, _settings.IstRange, _wished);
        if (!recovery.Events.IsEmpty)
        {
            Log.Warning(
                "the runner {0} works from version {1} of {2}, the journal has only {3}: an older database was restored. The deployment goes on as the runner knows it",
                report.Runner, report.AssignmentVersion, _name, State.Version);
            CommitAndTell(recovery, null, () => Proceed(() => { }));
            return;
        }

        if (!State.HasHistory)
        {
            Sender.Tell(new DeploymentUnknown(_name));
            PassivateWithoutWish();
            return;
        }

        // A runner that is ahead answers an older assignment with its own; it is asked once for each thing it says, and then as often as all are reminded.
        var (version, runner, differs) = (State.Version, Sender, report.AssignmentVersion < State.Version || (news && RecoveryDecider.IsAhead(State, report)));
        Proceed(() =>
        {
            if (differs && State.Version == version)
            {
                runner.Tell(DeploymentPlan.Assignment(State));
            }

            if (news)
            {
                _news.TellCatalog(State);
            }

            PassivateWithoutWish();
        });
    }

    private void OnTurn(MakeWay turn) =>
        CommitAndTell(RolloutDecider.Advance(State, _runners.Sight with { Turn = turn }, _settings.IstRange), null, PassivateWithoutWish);

    private void OnDirectory(RunnerDirectoryChanged message)
    {
        var change = _runners.Take(message);
        _news.Welcome(State, change);
        if (ReferenceEquals(change, DirectoryChange.OnlyLoads) && State.IsSettled)
        {
            return; // Also thousands of deployments cost little when a runner has one container more.
        }

        Proceed(() =>
        {
            if (change.Came.Concat(change.Went).Concat(change.Drained).Any(State.Runners.Contains) || !State.Completed)
            {
                _news.TellCatalog(State);
            }
        });
    }

    private void OnReconcile()
    {
        _news.Remind(State);
        Proceed(PassivateWithoutWish);
    }

    private void Proceed(Action afterwards) => CommitAndTell(RolloutDecider.Advance(State, _runners.Sight, _settings.IstRange), null, afterwards);

    private void CommitAndTell(Decision decision, IActorRef? askedBy, Action afterwards)
    {
        var (version, ended) = (State.Version, RolloutEnded.Of(State, decision.Events, _settings.Clock.GetUtcNow()));
        Commit(decision, askedBy, () =>
        {
            if (!decision.Events.IsEmpty)
            {
                _news.Changed(State, version);
            }

            if (ended is not null)
            {
                Context.System.EventStream.Publish(ended);
            }

            if (RolloutProgress.HasTimeLimits(State))
            {
                Timers.StartSingleTimer(nameof(Advance), Advance.Instance, _settings.AdvanceEvery);
            }

            afterwards();
        });
    }

    private DeploymentView View() => DeploymentViews.Of(State, _runners.Sight);

    private void PassivateWithoutWish()
    {
        if (State.Spec is null && !IsCompacting)
        {
            Context.Parent.Tell(new Passivate(StopDeployment.Instance));
        }
    }
}
