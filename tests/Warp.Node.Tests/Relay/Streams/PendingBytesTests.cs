using CsCheck;
using Shouldly;
using Warp.Node.Relay.Streams;
using Xunit;

namespace Warp.Node.Tests.Relay.Streams;

public sealed class PendingBytesTests
{
    [Fact]
    public void Bytes_come_out_in_order_and_every_block_goes_back() =>
        Gen.Select(Gen.Int[0, 50_000], Gen.Int[0, 50_000]).Array[1, 30].Sample(steps =>
        {
            var budget = new ByteBudget(long.MaxValue / 2);
            using var pool = new BlockPool();
            var blocks = new PeerBlocks(pool, new BufferShare(budget));
            var pending = default(PendingBytes);
            var expected = new Queue<byte>();
            var next = 0;
            foreach (var (added, taken) in steps)
            {
                var bytes = Enumerable.Range(0, added).Select(_ => (byte)next++).ToArray();
                pending.TryAdd(bytes, blocks, waiting: 0).ShouldBeTrue();
                Array.ForEach(bytes, expected.Enqueue);
                Take(ref pending, taken, expected, blocks);
            }

            pending.IsEmpty.ShouldBe(expected.Count == 0);
            pending.Clear(blocks);
            pending.IsEmpty.ShouldBeTrue();
            budget.Used.ShouldBe(0);
        });

    [Fact]
    public void Beyond_the_budget_nothing_is_kept()
    {
        var budget = new ByteBudget(4 * Block.Size);
        using var pool = new BlockPool();
        var blocks = new PeerBlocks(pool, new BufferShare(budget));
        var pending = default(PendingBytes);
        pending.TryAdd(new byte[2 * Block.Size], blocks, waiting: 0).ShouldBeTrue();
        pending.TryAdd(new byte[1], blocks, waiting: 0).ShouldBeFalse();
        pending.Clear(blocks);
        budget.Used.ShouldBe(0);
    }

    private static unsafe void Take(ref PendingBytes pending, int count, Queue<byte> expected, PeerBlocks blocks)
    {
        while (count > 0 && pending.First is { } block)
        {
            var step = Math.Min(count, block.End - block.Start);
            for (var i = 0; i < step; i++)
            {
                block.Data[block.Start + i].ShouldBe(expected.Dequeue());
            }

            pending.Taken(step, blocks);
            count -= step;
        }
    }
}
