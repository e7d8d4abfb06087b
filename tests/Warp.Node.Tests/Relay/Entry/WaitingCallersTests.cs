using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Entry;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Xunit;

namespace Warp.Node.Tests.Relay.Entry;

public sealed class WaitingCallersTests : IDisposable
{
    private static readonly EntryCall Call = new(Ipv4Address.Parse("10.208.1.2"), 40_000, Ipv4Address.Parse("10.201.0.2"), 3211);
    private readonly RecordingQueue _queue = new();
    private readonly RelayLoop _loop = new("test", NullLogger.Instance);
    private readonly WaitingCallers _callers;

    public WaitingCallersTests() => _callers = new WaitingCallers(_queue);

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_caller_is_answered_when_its_service_is_connected_and_its_connection_finds_what_carries_it()
    {
        var carrier = new Carrier(_loop);
        var caller = Arrived(packet: 1);
        _queue.Answers.ShouldBeEmpty();

        caller.Connect(carrier);
        _queue.Answers.ShouldBe([(1, SynAnswer.Accept)]);
        _callers.Take(Call).ShouldBe(carrier);

        // Once.
        _callers.Take(Call).ShouldBeNull();
    }

    [Fact]
    public void A_packet_that_is_sent_again_while_the_first_is_held_takes_its_place()
    {
        var caller = Arrived(packet: 1);

        _callers.Arrived(new HeldSyn(2, 100, Call)).ShouldBeNull();
        _queue.Answers.ShouldBe([(1, SynAnswer.Drop)]);
        caller.Refuse(SynAnswer.Refuse);
        _queue.Answers.ShouldBe([(1, SynAnswer.Drop), (2, SynAnswer.Refuse)]);
    }

    [Fact]
    public void A_packet_that_is_sent_again_because_the_answered_one_was_lost_goes_on_at_once()
    {
        var carrier = new Carrier(_loop);
        Arrived(packet: 1).Connect(carrier);

        _callers.Arrived(new HeldSyn(2, 100, Call)).ShouldBeNull();
        _queue.Answers.ShouldBe([(1, SynAnswer.Accept), (2, SynAnswer.Accept)]);
        _callers.Take(Call).ShouldBe(carrier);
    }

    [Fact]
    public void A_caller_that_begins_anew_from_the_same_port_gives_its_first_connection_up()
    {
        var first = Arrived(packet: 1);
        var second = Arrived(packet: 2, sequence: 200);
        _queue.Answers.ShouldBe([(1, SynAnswer.Drop)]);
        first.IsGone.ShouldBeTrue();

        // What was dialled for the first is ended, and refusing it is nothing to the second.
        var carrier = new Carrier(_loop);
        first.Connect(carrier);
        carrier.IsAbandoned.ShouldBeTrue();
        first.Refuse(SynAnswer.Refuse);
        second.IsGone.ShouldBeFalse();
        _queue.Answers.ShouldBe([(1, SynAnswer.Drop)]);
    }

    [Fact]
    public void A_caller_is_answered_once()
    {
        var caller = Arrived(packet: 1);

        caller.Refuse(SynAnswer.Unreachable);
        caller.Refuse(SynAnswer.Refuse);

        _queue.Answers.ShouldBe([(1, SynAnswer.Unreachable)]);
        _callers.Take(Call).ShouldBeNull();
    }

    [Fact]
    public void A_connection_that_came_past_the_queue_leaves_nothing_waiting()
    {
        var caller = Arrived(packet: 1);

        _callers.Take(Call).ShouldBeNull();

        caller.IsGone.ShouldBeTrue();
        _queue.Answers.ShouldBe([(1, SynAnswer.Drop)]);
    }

    [Fact]
    public void What_was_dialled_for_a_caller_that_does_not_come_is_ended()
    {
        var carrier = new Carrier(_loop);
        Arrived(packet: 1).Connect(carrier);

        _callers.Tick(Environment.TickCount64);
        _callers.Tick(Environment.TickCount64 + 10_000);

        // The loop does not run in this test: what is posted to it is done when it ends.
        _loop.Dispose();
        carrier.IsAbandoned.ShouldBeTrue();
        _callers.Take(Call).ShouldBeNull();
    }

    [Fact]
    public void A_caller_that_is_held_is_not_given_up_by_time()
    {
        var caller = Arrived(packet: 1);

        _callers.Tick(Environment.TickCount64 + 1_000_000);

        caller.IsGone.ShouldBeFalse();
    }

    [Fact]
    public void One_container_has_only_its_part_of_the_queue()
    {
        var all = Enumerable.Range(1, 1_100).Select(port => _callers.Arrived(new HeldSyn((uint)port, 100, Call with { CallerPort = port }))).ToList();

        all.Count(caller => caller is not null).ShouldBe(1_024);
        _queue.Answers.Count.ShouldBe(1_100 - 1_024);
        _queue.Answers.ShouldAllBe(answer => answer.Answer == SynAnswer.Accept);
        _callers.Arrived(new HeldSyn(2_000, 100, Call with { Caller = Ipv4Address.Parse("10.208.1.3") })).ShouldNotBeNull();

        // What ends makes room.
        all[0]!.Refuse(SynAnswer.Refuse);
        _callers.Arrived(new HeldSyn(2_001, 100, Call with { CallerPort = 2_001 })).ShouldNotBeNull();
    }

    private WaitingCaller Arrived(uint packet, uint sequence = 100) => _callers.Arrived(new HeldSyn(packet, sequence, Call)).ShouldNotBeNull();

    private sealed class RecordingQueue : ISynQueue
    {
        public List<(uint Packet, SynAnswer Answer)> Answers { get; } = [];

        public int Descriptor => -1;

        public bool TryRead(out HeldSyn syn)
        {
            syn = default;
            return false;
        }

        public void Answer(in HeldSyn syn, SynAnswer answer) => Answers.Add((syn.Packet, answer));

        public void Dispose()
        {
        }
    }

    private sealed class Carrier(RelayLoop loop) : ICallCarrier
    {
        public RelayLoop Loop => loop;

        public bool IsAbandoned { get; private set; }

        public void Attach(Descriptor socket) => socket.Dispose();

        public void Abandon() => IsAbandoned = true;
    }
}
