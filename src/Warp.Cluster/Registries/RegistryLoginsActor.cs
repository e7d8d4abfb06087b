using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Persistence;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Registries;

/// <summary>The cluster's logins at image registries: one actor on the control nodes, which keeps them in the journal and sends them, sealed, to every runner.</summary>
internal sealed class RegistryLoginsActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>How many logins there may be: all of them travel in one message.</summary>
    public const int MaxLogins = 200;

    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private ImmutableSortedDictionary<string, SealedLogin> _logins = ImmutableSortedDictionary.Create<string, SealedLogin>(StringComparer.Ordinal);
    private IActorRef? _askedBy;

    public RegistryLoginsActor()
    {
        Recover<IRegistryLoginEvent>(Apply);
        Command<KeepRegistryLogin>(OnKeep);
        Command<ForgetRegistryLogin>(OnForget);
        Command<ListRegistryLogins>(_ => Sender.Tell(All()));
        Command<Tell>(_ => TellRunners());
        Command<StopRegistryLogins>(_ => Context.Stop(Self));
    }

    /// <inheritdoc/>
    public override string PersistenceId => "registry-logins";

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make one.</summary>
    public static Props Props() => Akka.Actor.Props.Create(() => new RegistryLoginsActor());

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

    private void OnKeep(KeepRegistryLogin keep)
    {
        if (_logins.Count >= MaxLogins && !_logins.ContainsKey(keep.Login.Registry))
        {
            Sender.Tell(new RegistryLoginRefused($"there are {_logins.Count} logins already, and no more are kept; take one away with 'warp registry logout'"));
            return;
        }

        Commit(new RegistryLoginKept(keep.Login));
    }

    private void OnForget(ForgetRegistryLogin forget)
    {
        if (_logins.ContainsKey(forget.Registry))
        {
            Commit(new RegistryLoginForgotten(forget.Registry));
        }
        else
        {
            Sender.Tell(new RegistryLoginUnknown(forget.Registry));
        }
    }

    private void Commit(IRegistryLoginEvent happened)
    {
        var sender = Sender;
        _askedBy = sender;
        Persist(happened, written =>
        {
            _askedBy = null;
            Apply(written);
            sender.Tell(All());
            TellRunners();
        });
    }

    private void Apply(IRegistryLoginEvent happened) => _logins = happened switch
    {
        RegistryLoginKept kept => _logins.SetItem(kept.Login.Registry, kept.Login),
        RegistryLoginForgotten forgotten => _logins.Remove(forgotten.Registry),
        _ => _logins,
    };

    private RegistryLogins All() => new([.. _logins.Values]);

    private void TellRunners()
    {
        var all = All();
        var state = _cluster.State;
        foreach (var runner in state.Members.Where(member => member.HasRole(ClusterRoles.Runner) && member.Status is MemberStatus.Up or MemberStatus.WeaklyUp && !state.Unreachable.Contains(member)))
        {
            Context.ActorSelection(new RootActorPath(runner.Address) / "user" / ActorNames.RegistryLogins).Tell(all);
        }
    }

    private void AnswerNotWritten(Exception cause)
    {
        _askedBy?.Tell(new RegistryLoginRefused($"the control node's database did not take the change ({cause.Message}); look at its disk and the node's log, then try again"));
        _askedBy = null;
    }

    private sealed class Tell : INoSerializationVerificationNeeded
    {
        public static Tell Instance { get; } = new();
    }
}

/// <summary>Asks the logins' actor to stop once the journal has what was accepted: its keeper sends it when another control node takes over.</summary>
internal sealed class StopRegistryLogins : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    /// <summary>The one.</summary>
    public static StopRegistryLogins Instance { get; } = new();
}
