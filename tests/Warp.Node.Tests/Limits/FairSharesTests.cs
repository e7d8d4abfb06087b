using Shouldly;
using Warp.Node.Limits;
using Xunit;

namespace Warp.Node.Tests.Limits;

public sealed class FairSharesTests
{
    private const int Limit = 100;
    private readonly FairShares<string> _shares = new(Limit);

    [Fact]
    public void The_greediest_ends_at_half_and_each_other_one_gets_some()
    {
        TakeAll("greedy").ShouldBe(Limit / 2);
        TakeAll("second").ShouldBe(Limit / 4);
        foreach (var other in (string[])["third", "fourth", "fifth"])
        {
            _shares.TryTake(other).ShouldBeTrue();
        }

        _shares.TryTake("greedy").ShouldBeFalse();
        _shares.Count.ShouldBe((Limit / 2) + (Limit / 4) + 3);
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again()
    {
        var taken = TakeAll("one");
        for (var i = 0; i < taken; i++)
        {
            _shares.Return("one");
        }

        _shares.IsEmpty.ShouldBeTrue();
        TakeAll("other").ShouldBe(Limit / 2);
    }

    [Fact]
    public async Task Many_threads_never_hold_more_than_there_is()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                if (_shares.TryTake($"{thread}"))
                {
                    _shares.Count.ShouldBeLessThanOrEqualTo(Limit + 8, "each thread counts before it looks");
                    _shares.Return($"{thread}");
                }
            }
        })));

        _shares.IsEmpty.ShouldBeTrue();
        _shares.Count.ShouldBe(0);
    }

    private int TakeAll(string owner)
    {
        var taken = 0;
        while (_shares.TryTake(owner))
        {
            taken++;
        }

        return taken;
    }
}
