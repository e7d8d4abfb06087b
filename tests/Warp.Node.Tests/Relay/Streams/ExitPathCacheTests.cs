using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Streams;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Relay.Streams;

public sealed class ExitPathCacheTests
{
    [Fact]
    public void Thousands_of_pairs_that_are_asked_for_in_turn_keep_their_paths()
    {
        const int pairs = 5000;
        var cache = new ExitPathCache();
        var paths = Enumerable.Range(0, pairs).Select(i => Read(cache, i)).ToArray();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < pairs; i++)
            {
                Read(cache, i).ShouldBeSameAs(paths[i]);
            }
        }
    }

    [Fact]
    public void A_peer_that_asks_for_ever_new_pairs_makes_it_forget()
    {
        var cache = new ExitPathCache();
        var first = Read(cache, 0);
        for (var i = 1; i < 40_000; i++)
        {
            Read(cache, i);
        }

        Read(cache, 0).ShouldNotBeSameAs(first);
    }

    private static ExitPath Read(ExitPathCache cache, int pair)
    {
        Span<byte> payload = stackalloc byte[OpenFrame.MaxSize];
        var request = new OpenRequest(DeploymentName.Parse($"d{pair}"), ServiceName.Parse("app"), 0, 1, ServiceName.Parse("db"), 5432);
        var length = OpenFrame.Write(request, payload);
        cache.TryRead(payload[..length], out var path, out var port).ShouldBeTrue();
        port.ShouldBe(5432);
        path!.Request.ShouldBe(request with { Port = 0 });
        return path;
    }
}
