using Akka.Actor;
using Akka.Persistence;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Membership;

/// <summary>
/// Finds out for whoever waits in vain whether it is the journal: on each control node. A deployment that nobody knows yet has to be written down before there is an actor of it, so when that
/// fails there is nobody who could say so. What is written takes the place of what was written for the question before.
/// </summary>
internal sealed class JournalProbeActor : ReceivePersistentActor
{
    private readonly List<IActorRef> _waiting = [];

    public JournalProbeActor()
    {
        Command<ProbeJournal>(_ =>
        {
            _waiting.Add(Sender);
            if (_waiting.Count == 1)
            {
                SaveSnapshot(new JournalProbed(Failure: null));
            }
        });
        Command<SaveSnapshotSuccess>(_ => Answer(new JournalProbed(Failure: null)));
        Command<SaveSnapshotFailure>(failed => Answer(new JournalProbed(failed.Cause.Message)));
    }

    /// <inheritdoc/>
    public override string PersistenceId => "journal-probe";

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.None;

    /// <summary>How to make one.</summary>
    public static Props Props() => Akka.Actor.Props.Create(() => new JournalProbeActor());

    private void Answer(JournalProbed answer)
    {
        _waiting.ForEach(asker => asker.Tell(answer));
        _waiting.Clear();
    }
}
