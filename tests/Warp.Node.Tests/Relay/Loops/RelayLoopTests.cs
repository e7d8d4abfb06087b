using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Warp.Node.Relay.Loops;
using Xunit;

namespace Warp.Node.Tests.Relay.Loops;

public sealed class RelayLoopTests
{
    [Fact]
    public void A_command_for_a_loop_that_has_ended_is_still_carried_out()
    {
        var loop = new RelayLoop("test", NullLogger.Instance);
        loop.Start();
        loop.Dispose();
        var isDone = false;

        loop.Post(() => isDone = true);

        isDone.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_what_several_threads_hand_in_while_a_loop_ends_nothing_is_lost()
    {
        const int threads = 4, each = 20_000;
        for (var round = 0; round < 20; round++)
        {
            var loop = new RelayLoop("test", NullLogger.Instance);
            loop.Start();
            var done = 0;
            var posting = Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < each; i++)
                {
                    loop.Post(() => done++);
                }
            })).ToArray();

            loop.Dispose();
            await Task.WhenAll(posting).WaitAsync(Wait.Limit);

            done.ShouldBe(threads * each);
        }
    }
}
