using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>The journal's part of a deployment actor: the state comes back from it, decisions go into it before anything follows from them, and who asked is told when it fails.</summary>
internal abstract class JournaledDeploymentActor : ReceivePersistentActor
{
    private readonly DeploymentName _name;
    private readonly int _snapshotEvery;
    private IActorRef? _askedBy;
    private int _eventsSinceSnapshot;

    /// <param name="name">The deployment.</param>
    /// <param name="snapshotEvery">After how many events a snapshot is kept.</param>
    protected JournaledDeploymentActor(DeploymentName name, int snapshotEvery)
    {
        (_name, _snapshotEvery) = (name, snapshotEvery);
        State = DeploymentState.Initial(name);
        Recover<SnapshotOffer>(offer => State = (DeploymentState)offer.Snapshot);
        Recover<IDeploymentEvent>(@event => State = State.Apply(@event));
    }

    /// <inheritdoc/>
    public sealed override string PersistenceId => $"deployment/{_name}";

    /// <summary>What the journal says.</summary>
    protected DeploymentState State { get; private set; }

    /// <summary>Persists the decision's events, if any, then goes on.</summary>
    /// <param name="decision">Accepted.</param>
    /// <param name="askedBy">Who gets a <see cref="DeploymentRejected"/> when the journal does not take them; null when nobody waits.</param>
    /// <param name="afterwards">Runs when the state is the new one.</param>
    protected void Commit(Decision decision, IActorRef? askedBy, Action afterwards)
    {
        if (decision.Events.IsEmpty)
        {
            afterwards();
            return;
        }

        _askedBy = askedBy;
        var last = decision.Events[^1];
        PersistAll(decision.Events, @event =>
        {
            State = State.Apply(@event);
            _eventsSinceSnapshot++;
            if (ReferenceEquals(@event, last))
            {
                _askedBy = null;
                KeepSnapshot();
                afterwards();
            }
        });
    }

    /// <summary>Handles the answers of the snapshot store.</summary>
    protected void HandleSnapshots()
    {
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => Log.Warning(failed.Cause, "no snapshot of {0} could be written; its start will replay more events", _name));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => Log.Warning(failed.Cause, "older snapshots of {0} could not be deleted; they only take room", _name));
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

    private void KeepSnapshot()
    {
        if (_eventsSinceSnapshot >= _snapshotEvery)
        {
            _eventsSinceSnapshot = 0;
            SaveSnapshot(State);
        }
    }

    private void AnswerNotWritten(Exception cause)
    {
        _askedBy?.Tell(new DeploymentRejected(_name,
            [new SpecProblem("", $"the control node's database did not take the change ({cause.Message}); look at its disk and the node's log, then send the wish again")]));
        _askedBy = null;
    }
}
