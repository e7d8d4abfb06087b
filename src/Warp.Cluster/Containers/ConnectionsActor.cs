using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Runners;

namespace Warp.Cluster.Containers;

/// <summary>Waits for all containers that drain at once, so that the kernel is asked once for all of them, and only while one of them does.</summary>
internal sealed class ConnectionsActor : ReceiveActor, IWithTimers
{
    /// <summary>The source of its problems.</summary>
    public const string ProblemSource = "connections";

    /// <summary>A connection that was decided on before the last routes came into force may show up only in the second count.</summary>
    private const int QuietCounts = 2;

    private static readonly Signal Count = new("Count");
    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(10);
    private readonly IConnectionCounter _counter;
    private readonly TimeSpan _every;
    private readonly IActorRef _problems;
    private readonly Dictionary<IActorRef, (Ipv4Address Address, int Quiet)> _waiting = [];
    private bool _underway;

    public ConnectionsActor(IConnectionCounter counter, TimeSpan every, IActorRef problems)
    {
        (_counter, _every, _problems) = (counter, every, problems);
        Receive<AwaitQuiet>(m =>
        {
            _waiting[Context.Watch(Sender)] = (m.Address, 0);
            Go();
        });
        Receive<Signal>(Count.Equals, _ => Go());
        Receive<Counted>(Came);
        Receive<Terminated>(m => _waiting.Remove(m.ActorRef));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="counter">Asks the kernel.</param>
    /// <param name="every">From one count to the next.</param>
    /// <param name="problems">Takes <see cref="ProblemsAre"/>.</param>
    public static Props Props(IConnectionCounter counter, TimeSpan every, IActorRef problems) => Akka.Actor.Props.Create(() => new ConnectionsActor(counter, every, problems));

    private void Go()
    {
        if (_underway || Timers.IsTimerActive(Count) || _waiting.Count == 0)
        {
            return;
        }

        _underway = true;
        var deadline = new Cancelable(Context.System.Scheduler, CallDeadline);
        ImmutableArray<Ipv4Address> addresses = [.. _waiting.Values.Select(w => w.Address).Distinct()];
        _ = CountAsync(_counter, addresses, deadline.Token).PipeTo(
            Self, success: counts => new Counted(counts), failure: e => new Counted(new ConnectionCounts(ImmutableDictionary<Ipv4Address, int>.Empty, e.Message)));
    }

    private static async Task<ConnectionCounts> CountAsync(IConnectionCounter counter, ImmutableArray<Ipv4Address> addresses, CancellationToken token) =>
        await counter.CountAsync(addresses, token).WaitAsync(token).ConfigureAwait(false);

    private void Came(Counted counted)
    {
        _underway = false;
        Timers.StartSingleTimer(Count, Count, _every);
        var counts = counted.Counts;
        _problems.Tell(new ProblemsAre(ProblemSource, counts.Failure is { } failure ? [$"connections of containers that are to go cannot be counted, so each gets its full time: {failure}"] : []));
        foreach (var (who, (address, quiet)) in _waiting.ToList())
        {
            if (!counts.ByAddress.TryGetValue(address, out var open))
            {
                continue;
            }

            _waiting[who] = (address, open == 0 ? quiet + 1 : 0);
            if (open == 0 && quiet + 1 >= QuietCounts)
            {
                _waiting.Remove(who);
                Context.Unwatch(who);
                who.Tell(Quiet.Instance);
            }
        }
    }

    private sealed record Counted(ConnectionCounts Counts) : INoSerializationVerificationNeeded;
}

/// <summary>Tell me when no connection leads into the container with this address any more.</summary>
internal sealed record AwaitQuiet(Ipv4Address Address) : INoSerializationVerificationNeeded;

/// <summary>None does.</summary>
internal sealed record Quiet : INoSerializationVerificationNeeded
{
    /// <summary>The one there is.</summary>
    public static Quiet Instance { get; } = new();
}
