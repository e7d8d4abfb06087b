using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Membership;

/// <summary>
/// The runners, on each control node: takes their reports, knows which are reachable (a reachable cluster member that reported lately), tells the deployment actors of its node,
/// and tells all runners where their peers' tunnels listen.
/// </summary>
internal sealed class RunnerDirectoryActor : ReceiveActor, IWithTimers
{
    private readonly Dictionary<RunnerId, Entry> _entries = [];
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RunnerDirectorySettings _settings;
    private readonly RunnerClaims _claims;
    private readonly long _started;
    private RemovedRunners _removed = RemovedRunners.None;
    private RunnerDrains _drains = RunnerDrains.None;
    private ImmutableArray<Facts> _published = [];
    private bool _settled;
    private bool _waited;

    public RunnerDirectoryActor(RunnerDirectorySettings settings)
    {
        _settings = settings;
        _started = settings.Clock.GetTimestamp();
        _claims = new RunnerClaims(settings.Clock, settings.StaleAfter);
        Receive<RunnerStatus>(OnStatus);
        Receive<ClusterTrust>(trust =>
        {
            TakeDrains(trust.Drains ?? RunnerDrains.None);
            TakeRemovals(trust);
        });
        Receive<ListRunners>(_ => Sender.Tell(new RunnerList(Snapshot().Runners)));
        Receive<GetRunnerDirectory>(_ => Sender.Tell(Changed()));
        Receive<Look>(_ => Publish(loadToo: true));
        Receive<TellPeers>(_ => OnTellPeers());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make one.</summary>
    public static Props Props(RunnerDirectorySettings settings) => Akka.Actor.Props.Create(() => new RunnerDirectoryActor(settings));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, _settings.LookEvery);
        Timers.StartPeriodicTimer(nameof(TellPeers), TellPeers.Instance, _settings.TellPeersEvery);
    }

    private void OnStatus(RunnerStatus status)
    {
        if (Removal(status) is not null)
        {
            Expel(status.Runner, Sender);
            return;
        }

        var newcomer = new Entry(status, Sender, _settings.Clock.GetUtcNow(), _settings.Clock.GetTimestamp());
        if (_entries.GetValueOrDefault(status.Runner) is { } holder && Rivals(holder, newcomer) is { } younger)
        {
            Dispute(status.Runner, younger, of: younger == newcomer ? holder : newcomer);
        }
        else
        {
            _entries[status.Runner] = newcomer;
        }

        Publish(loadToo: false);
    }

    private void TakeDrains(RunnerDrains drains)
    {
        if (drains.Generation > _drains.Generation)
        {
            _drains = drains;
            Publish(loadToo: true);
        }
    }

    /// <summary>The younger of two nodes that both live and say that they are the same runner; null when the first has only come back, at whatever address.</summary>
    private Entry? Rivals(Entry holder, Entry newcomer)
    {
        if (holder.Actor.Path.Address == newcomer.Actor.Path.Address || !IsReachable(holder, ReachableMembers()))
        {
            return null;
        }

        return MemberOf(newcomer) is { } late && MemberOf(holder) is { } early && late.IsOlderThan(early) ? holder : newcomer;
    }

    /// <summary>The older one is the runner, so that all control nodes say the same; the other is not listened to, and the operator is told.</summary>
    private void Dispute(RunnerId runner, Entry younger, Entry of)
    {
        _entries[runner] = of;
        if (_claims.Take(runner, younger.Actor.Path.Address))
        {
            _log.Error("{0}", RunnerClaims.Text(runner, younger.Actor.Path.Address));
        }
    }

    /// <summary>A runner that was removed loses its place in the cluster; its peers refuse its certificates.</summary>
    private void TakeRemovals(ClusterTrust trust)
    {
        var before = _removed;
        _removed = before.With(trust.Removals);
        if (ReferenceEquals(before, _removed))
        {
            return;
        }

        foreach (var gone in _entries.Values.Where(entry => Removal(entry.Status) is not null).ToList())
        {
            _entries.Remove(gone.Status.Runner);
            Expel(gone.Status.Runner, gone.Actor);
        }

        _published = CurrentFacts();
        Context.System.EventStream.Publish(Changed());
        OnTellPeers();
    }

    private void Expel(RunnerId runner, IActorRef actor)
    {
        if (!actor.Path.Address.HasLocalScope)
        {
            _log.Warning("{0} was removed from the cluster and is no member any more", runner);
            _cluster.Down(actor.Path.Address);
        }
    }

    private RunnerRemoval? Removal(RunnerStatus status) => _removed.Find(status.Runner, status.Certificates?.Enrolment ?? 0);

    /// <summary>
    /// Tells whoever has to know, if anything changed that matters to them. How many instances a runner has changes with each deployment, and is told to all of them: only as often as the
    /// directory looks, or deploying thousands would cost the square of their number.
    /// </summary>
    private void Publish(bool loadToo)
    {
        var before = _published;
        var listened = _settings.Clock.GetElapsedTime(_started);
        var (settled, waited) = (listened >= _settings.SettleAfter, listened >= _settings.Grace);
        var now = CurrentFacts();
        if (settled == _settled && waited == _waited && (before.SequenceEqual(now) || (!loadToo && before.Select(WithoutLoad).SequenceEqual(now.Select(WithoutLoad)))))
        {
            return;
        }

        (_published, _settled, _waited) = (now, settled, waited);
        Context.System.EventStream.Publish(Changed());
        if (!before.Select(facts => facts.ToPeers).SequenceEqual(_published.Select(facts => facts.ToPeers)))
        {
            OnTellPeers();
        }
    }

    private static Facts WithoutLoad(Facts facts) => facts with { Instances = 0 };

    private void OnTellPeers()
    {
        var peers = new PeerList([.. _published.Select(facts => facts.ToPeers.Peer)]);
        foreach (var facts in _published.Where(facts => facts.ToPeers.Reachable))
        {
            facts.ToPeers.Actor.Tell(peers);
        }
    }

    private RunnerDirectoryChanged Changed() => new(Snapshot(), _entries.ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Actor));

    private RunnerDirectory Snapshot()
    {
        var reachable = ReachableMembers();
        return new RunnerDirectory([.. Ordered().Select(entry => new RunnerView(WithClaims(entry.Status), IsReachable(entry, reachable), entry.LastSeen, _drains.Find(entry.Status.Runner)))], _settled)
        {
            Waited = _waited,
            Silent = [.. _entries.Where(entry => IsSilent(entry.Value)).Select(entry => entry.Key)],
            Removed = [.. _removed.All.Select(removal => removal.Runner).Where(runner => !_entries.ContainsKey(runner))],
        };
    }

    private ImmutableArray<Facts> CurrentFacts()
    {
        var reachable = ReachableMembers();
        return
        [
            .. Ordered().Select(entry => new Facts(
                new PeerFacts(new Peer(entry.Status.Runner, entry.Status.Tunnel, entry.Status.Management), entry.Actor, IsReachable(entry, reachable)),
                entry.Status.Instances,
                entry.Status.EngineReady,
                string.Join(',', entry.Status.Volumes),
                _drains.Find(entry.Status.Runner),
                IsSilent(entry))),
        ];
    }

    private RunnerStatus WithClaims(RunnerStatus status) =>
        _claims.Of(status.Runner) is { } rival ? status with { Problems = status.Problems.Add(RunnerClaims.Text(status.Runner, rival)) } : status;

    private bool IsSilent(Entry entry) => _settings.Clock.GetElapsedTime(entry.HeardAt) > _settings.Grace;

    private IEnumerable<Entry> Ordered() => _entries.Values.OrderBy(entry => entry.Status.Runner.Value, StringComparer.Ordinal);

    private HashSet<Address> ReachableMembers()
    {
        var state = _cluster.State;
        return [.. state.Members.Except(state.Unreachable).Where(member => member.Status is MemberStatus.Up or MemberStatus.WeaklyUp).Select(member => member.Address)];
    }

    private bool IsReachable(Entry entry, HashSet<Address> members) =>
        members.Contains(AddressOf(entry)) && _settings.Clock.GetElapsedTime(entry.HeardAt) <= _settings.StaleAfter;

    private Member? MemberOf(Entry entry) => _cluster.State.Members.FirstOrDefault(member => member.Address == AddressOf(entry));

    private Address AddressOf(Entry entry) => entry.Actor.Path.Address is { HasLocalScope: false } address ? address : _cluster.SelfAddress;

    /// <summary>A report.</summary>
    /// <param name="Status">What it says.</param>
    /// <param name="Actor">Who says it.</param>
    /// <param name="LastSeen">When it came, for a person.</param>
    /// <param name="HeardAt">The same on a clock that nobody sets: a clock that jumps makes no runner silent.</param>
    private sealed record Entry(RunnerStatus Status, IActorRef Actor, DateTimeOffset LastSeen, long HeardAt);

    /// <summary>What a peer list depends on.</summary>
    private sealed record PeerFacts(Peer Peer, IActorRef Actor, bool Reachable);

    /// <summary>What placement depends on.</summary>
    private sealed record Facts(PeerFacts ToPeers, int Instances, bool EngineReady, string Volumes, RunnerDrain? Drain, bool Silent);

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static Look Instance { get; } = new();
    }

    private sealed class TellPeers : INoSerializationVerificationNeeded
    {
        public static TellPeers Instance { get; } = new();
    }
}

/// <summary>What is set for the directory of a node.</summary>
/// <param name="Clock">The time.</param>
internal sealed record RunnerDirectorySettings(TimeProvider Clock)
{
    /// <summary>How often reachability is looked at without an occasion.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often all runners are told their peers without an occasion.</summary>
    public TimeSpan TellPeersEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A runner that has not reported for so long is not reachable; three of its reports.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a runner may be away before services that are bound neither to it nor to its volumes are placed elsewhere.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the directory listens before a runner that it does not know counts as unknown; two reports of a runner.</summary>
    public TimeSpan SettleAfter { get; init; } = TimeSpan.FromSeconds(10);
}
