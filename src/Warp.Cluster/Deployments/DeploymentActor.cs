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
    private readonly IActorRef _catalog;
    private readonly RunnerContacts _runners = new();

    public DeploymentActor(DeploymentName name, DeploymentActorSettings settings, IActorRef directory, IActorRef catalog)
        : base(name, settings.SnapshotEvery)
    {
        (_name, _settings, _directory, _catalog) = (name, settings, directory, catalog);
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
        HandleSnapshots();
    }

    private void OnApply(ApplyDeployment wish)
    {
        var decision = DeploymentDecider.Apply(State, wish.Spec, _runners.Directory, _settings.IstRange);
        if (!decision.Problems.IsEmpty)
        {
            Sender.Tell(new DeploymentRejected(_name, decision.Problems));
            PassivateWithoutWish();
            return;
        }

        var sender = Sender;
        var changed = !decision.Events.IsEmpty;
        CommitAndTell(decision, sender, () => sender.Tell(new DeploymentAccepted(_name, State.Revision, changed, View())));
    }

    private void OnRemove()
    {
        if (State.Spec is null)
        {
            Sender.Tell(new DeploymentNotFound(_name));
            PassivateWithoutWish();
            return;
        }

        var sender = Sender;
        CommitAndTell(DeploymentDecider.Remove(State), sender, () => sender.Tell(new DeploymentRemoving(_name)));
    }

    private void OnGet()
    {
        Sender.Tell(State.Spec is null ? new DeploymentNotFound(_name) : View());
        PassivateWithoutWish();
    }

    private void OnReport(RunnerReport report)
    {
        if (!State.HasHistory)
        {
            Sender.Tell(new DeploymentUnknown(_name));
            PassivateWithoutWish();
            return;
        }

        var news = _runners.Take(report, Sender, State.Version);
        if (news && report.AssignmentVersion > State.Version)
        {
            Log.Warning(
                "the runner {0} works from version {1} of {2}, the journal has only {3}; was an older database restored? The runner keeps what it has",
                report.Runner, report.AssignmentVersion, _name, State.Version);
        }

        var decision = DeploymentDecider.Observe(State, report);
        if (decision.Events.IsEmpty && report.AssignmentVersion < State.Version)
        {
            Sender.Tell(DeploymentPlan.Assignment(State));
        }

        CommitAndTell(decision, null, PassivateWithoutWish);
        if (news && decision.Events.IsEmpty)
        {
            TellCatalog();
        }
    }

    private void OnDirectory(RunnerDirectoryChanged change)
    {
        var visible = _runners.Take(change, State.Runners) || State.Services.Any(service => service.Placements.IsEmpty);
        var decision = DeploymentDecider.PlaceWaiting(State, change.Directory);
        CommitAndTell(decision, null, () => { });
        if (visible && decision.Events.IsEmpty)
        {
            TellCatalog();
        }
    }

    private void OnReconcile()
    {
        _runners.Send(DeploymentPlan.Assignment(State), _runners.TakeOverdue(State.Runners));
        PassivateWithoutWish();
    }

    private void CommitAndTell(Decision decision, IActorRef? askedBy, Action afterwards)
    {
        var version = State.Version;
        Commit(decision, askedBy, () =>
        {
            if (State.Version != version)
            {
                _runners.Send(DeploymentPlan.Assignment(State), State.Runners);
            }

            if (!decision.Events.IsEmpty)
            {
                TellCatalog();
            }

            afterwards();
        });
    }

    private void TellCatalog() => _catalog.Tell(State.Spec is null ? new ForgetDeployment(_name) : new AnnounceDeployment(View()));

    private DeploymentView View() => DeploymentPlan.View(State, _runners.Reports, _runners.Directory);

    private void PassivateWithoutWish()
    {
        if (State.Spec is null)
        {
            Context.Parent.Tell(new Passivate(StopDeployment.Instance));
        }
    }

    private sealed class Reconcile : INoSerializationVerificationNeeded
    {
        public static Reconcile Instance { get; } = new();
    }

    private sealed class Announce : INoSerializationVerificationNeeded
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
