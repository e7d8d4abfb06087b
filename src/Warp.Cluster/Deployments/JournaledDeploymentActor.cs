using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>
/// The journal's part of a deployment actor: the state comes back from it, decisions go into it before anything follows from them, and who asked is told when it fails. The journal does
/// not grow: once a snapshot is written, the events and snapshots before it go, and a removed deployment keeps nothing but its last snapshot and the plugin's mark of the last number.
/// </summary>
internal abstract class JournaledDeploymentActor : ReceivePersistentActor
{
    private readonly DeploymentName _name;
    private readonly int _snapshotEvery;
    private IActorRef? _askedBy;
    private int _eventsSinceSnapshot;
    private int _compactions;

    /// <param name="name">The deployment.</param>
    /// <param name="snapshotEvery">After how many events a snapshot is kept.</param>
    protected JournaledDeploymentActor(DeploymentName name, int snapshotEvery)
    {
        (_name, _snapshotEvery) = (name, snapshotEvery);
        State = DeploymentState.Initial(name);
        Recover<SnapshotOffer>(offer => State = (DeploymentState)offer.Snapshot);
        Recover<IDeploymentEvent>(Take);
        Recover<RecoveryCompleted>(_ => Compact());
    }

    /// <inheritdoc/>
    public sealed override string PersistenceId => $"deployment/{_name}";

    /// <summary>What the journal says.</summary>
    protected DeploymentState State { get; private set; }

    /// <summary>Whether a snapshot is being written or what it replaces is being deleted: an actor that stops now leaves both in the journal.</summary>
    protected bool IsCompacting => _compactions > 0;

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
            Take(@event);
            if (ReferenceEquals(@event, last))
            {
                _askedBy = null;
                Compact();
                afterwards();
            }
        });
    }

    /// <summary>Handles the answers of the snapshot store and of the journal.</summary>
    /// <param name="afterwards">Runs when <see cref="IsCompacting"/> has become false.</param>
    protected void HandleSnapshots(Action afterwards)
    {
        Command<SaveSnapshotSuccess>(saved =>
        {
            // One answer comes for each of the two.
            _compactions++;
            DeleteMessages(saved.Metadata.SequenceNr);
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
        });
        Command<SaveSnapshotFailure>(failed => Compacted(failed.Cause, "no snapshot of {0} could be written; its start will replay more events"));
        Command<DeleteMessagesSuccess>(_ => Compacted());
        Command<DeleteMessagesFailure>(failed => Compacted(failed.Cause, "events of {0} before its snapshot could not be deleted; they only take room, and go with the next snapshot"));
        Command<DeleteSnapshotsSuccess>(_ => Compacted());
        Command<DeleteSnapshotsFailure>(failed => Compacted(failed.Cause, "older snapshots of {0} could not be deleted; they only take room, and go with the next one"));

        void Compacted(Exception? failure = null, string problem = "")
        {
            if (failure is not null)
            {
                Log.Warning(failure, problem, _name);
            }

            _compactions--;
            if (!IsCompacting)
            {
                afterwards();
            }
        }
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

    private void Take(IDeploymentEvent happened)
    {
        State = State.Apply(happened);
        _eventsSinceSnapshot++;
    }

    private void Compact()
    {
        if (_eventsSinceSnapshot >= (State.IsRemoved ? 1 : _snapshotEvery))
        {
            _eventsSinceSnapshot = 0;
            _compactions++;
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
