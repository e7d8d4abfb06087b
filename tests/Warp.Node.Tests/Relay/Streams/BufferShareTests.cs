using Shouldly;
using Warp.Node.Relay.Streams;
using Xunit;

namespace Warp.Node.Tests.Relay.Streams;

public sealed class BufferShareTests
{
    private const int Limit = 1200;
    private readonly ByteBudget _all = new(Limit);

    [Fact]
    public void A_single_greedy_peer_gets_half()
    {
        TakeAll(new BufferShare(_all)).ShouldBe(Limit / 2);
        _all.Free.ShouldBe(Limit / 2);
    }

    [Fact]
    public void Two_greedy_peers_end_at_a_third_each()
    {
        var (first, second) = (new BufferShare(_all), new BufferShare(_all));
        while (first.TryTake(1, 0) | second.TryTake(1, 0))
        {
        }

        _all.Used.ShouldBe(2 * Limit / 3);
    }

    [Fact]
    public void Beside_five_that_took_what_they_could_there_is_some_for_a_sixth()
    {
        for (var i = 0; i < 5; i++)
        {
            TakeAll(new BufferShare(_all));
        }

        new BufferShare(_all).TryTake(10, 0).ShouldBeTrue();
    }

    [Fact]
    public void Within_a_peer_the_stream_that_holds_much_is_refused_before_one_that_holds_little()
    {
        var share = new BufferShare(_all);
        share.TryTake(500, 0).ShouldBeTrue();
        share.TryTake(10, ofStream: 400).ShouldBeFalse();
        share.TryTake(10, ofStream: 20).ShouldBeTrue();
    }

    [Fact]
    public void What_is_refused_is_not_counted_and_what_is_given_back_can_be_taken_again()
    {
        var share = new BufferShare(_all);
        share.TryTake(Limit, 0).ShouldBeFalse();
        _all.Used.ShouldBe(0);
        var held = TakeAll(share);
        share.Return(held);
        _all.Used.ShouldBe(0);
        TakeAll(share).ShouldBe(held);
    }

    private static int TakeAll(BufferShare share)
    {
        var held = 0;
        while (share.TryTake(1, 0))
        {
            held++;
        }

        return held;
    }
}
