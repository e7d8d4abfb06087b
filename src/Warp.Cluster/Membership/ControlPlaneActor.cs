using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Membership;

/// <summary>
/// What the control nodes know of each other, on each of them: asks the others how they stand, lets the founder form the cluster when that is safe, and says what is wrong with
/// their number or their settings.
/// </summary>
internal sealed class ControlPlaneActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(4);

    // A cluster that the others are just joining answers within this time.
    private static readonly TimeSpan AgreedFor = TimeSpan.FromSeconds(5);

    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<Address, (ControlNodeStanding Standing, DateTimeOffset At)> _standings = [];
    private readonly ControlPlaneOptions _options;
    private readonly TimeProvider _clock;
    private ImmutableArray<string> _problems = [];
    private DateTimeOffset? _agreedSince;
    private bool _waits;

    public ControlPlaneActor(ControlPlaneOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        Receive<AskStanding>(_ => Sender.Tell(new ControlNodeStanding(IsMember, options.ControlNodes, options.SharesJournal)));
        Receive<ControlNodeStanding>(standing => _standings[Sender.Path.Address] = (standing, clock.GetUtcNow()));
        Receive<Look>(_ => OnLook());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsMember => _cluster.SelfMember.Status is not MemberStatus.Removed;

    /// <summary>How to make one.</summary>
    /// <param name="options">What this node was told.</param>
    /// <param name="clock">The time.</param>
    public static Props Props(ControlPlaneOptions options, TimeProvider clock) => Akka.Actor.Props.Create(() => new ControlPlaneActor(options, clock));

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Look), Look.Instance, LookEvery);

    private void OnLook()
    {
        var fresh = Fresh();
        if (IsMember)
        {
            var others = ControlNodes.Others(_cluster).ToList();
            Ask(others);
            Show(ControlPlaneProblems.Of(
                _options, others.Count + 1, others.Where(fresh.ContainsKey).ToImmutableSortedDictionary(other => $"{other.Host}:{other.Port}", other => fresh[other], StringComparer.Ordinal)));
        }
        else if (_options is { Founder: true, ControlNodes: > 1 })
        {
            Ask(_options.Known.Select(node => _cluster.SelfAddress.WithHost(node.Host).WithPort(node.Port)));
            Found([.. fresh.Values]);
        }
    }

    private void Found(ImmutableArray<ControlNodeStanding> others)
    {
        if (!FoundingRule.MayForm(_options, others))
        {
            _agreedSince = null;
            if (!_waits)
            {
                _waits = true;
                _log.Info("This node may form the cluster only when {0} of {1} control nodes are there and none of them is in it; it waits for the others, or joins them", _options.Quorum, _options.ControlNodes);
            }
        }
        else if ((_agreedSince ??= _clock.GetUtcNow()) + AgreedFor <= _clock.GetUtcNow())
        {
            _log.Info("{0} of {1} control nodes are there and none of them is in a cluster; this node forms it", others.Length + 1, _options.ControlNodes);
            _cluster.Join(_cluster.SelfAddress);
        }
    }

    private Dictionary<Address, ControlNodeStanding> Fresh()
    {
        var oldest = _clock.GetUtcNow() - FreshFor;
        foreach (var silent in _standings.Where(entry => entry.Value.At < oldest).Select(entry => entry.Key).ToList())
        {
            _standings.Remove(silent);
        }

        return _standings.ToDictionary(entry => entry.Key, entry => entry.Value.Standing);
    }

    private static void Ask(IEnumerable<Address> nodes)
    {
        foreach (var node in nodes)
        {
            Context.ActorSelection(new RootActorPath(node) / "user" / ActorNames.ControlPlane).Tell(new AskStanding());
        }
    }

    /// <summary>To the log when it is new, and to the node's runner, which reports it with its own problems.</summary>
    private void Show(ImmutableArray<string> problems)
    {
        if (problems.SequenceEqual(_problems, StringComparer.Ordinal))
        {
            return;
        }

        foreach (var problem in problems.Except(_problems, StringComparer.Ordinal))
        {
            _log.Warning("{0}", problem);
        }

        _problems = problems;
        Context.ActorSelection($"/user/{ActorNames.Runner}").Tell(new ProblemsAre("control nodes", problems));
    }

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static Look Instance { get; } = new();
    }
}
