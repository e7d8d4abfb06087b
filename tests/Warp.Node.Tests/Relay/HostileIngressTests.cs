using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Frames;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Relay;

/// <summary>A runner of the cluster that asks as an ingress for what is not public.</summary>
public sealed class HostileIngressTests
{
    [Theory]
    [InlineData("db", 1, RouteRefusal.NotPublic)]
    [InlineData("app", 0, RouteRefusal.NotPublic)]
    [InlineData("nobody", 0, RouteRefusal.UnknownTarget)]
    public async Task Another_port_or_service_is_denied(string service, int portOffset, RouteRefusal refusal)
    {
        await using var server = TargetServer.Echo();
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { RouteWait = TimeSpan.FromMilliseconds(100) }, authority);
        relays.RoutesTwo.Publish(relays.Routes("two", [TestRelays.Db("two", TestRelays.Loopback)], dbPublicPort: server.Port));
        using var peer = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("stranger"));
        await peer.ReadPrefaceAsync();

        await peer.OpenAsync(1, OpenRequest.OfIngress(TestRelays.Deployment, ServiceName.Parse(service), server.Port + portOffset));

        var (header, payload) = await AnswerAsync(peer);
        (header.Type, header.Stream).ShouldBe((FrameType.Reset, 1u));
        payload.ShouldBe([(byte)ResetReason.Denied, (byte)refusal]);
    }

    [Fact]
    public async Task The_public_port_is_open_to_every_runner_of_the_cluster()
    {
        await using var server = TargetServer.Echo();
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, authority: authority);
        relays.RoutesTwo.Publish(relays.Routes("two", [TestRelays.Db("two", TestRelays.Loopback)], dbPublicPort: server.Port));
        using var peer = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("stranger"));
        await peer.ReadPrefaceAsync();
        await peer.OpenAsync(1, OpenRequest.OfIngress(TestRelays.Deployment, ServiceName.Parse("db"), server.Port));
        (await AnswerAsync(peer)).Header.Type.ShouldBe(FrameType.Opened);
    }

    [Fact]
    public async Task A_caller_without_a_generation_is_no_ingress_and_breaks_the_protocol()
    {
        await using var server = TargetServer.Echo();
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, authority: authority);
        using var peer = await RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, authority.Issue("one"));
        var payload = new byte[OpenFrame.MaxSize];
        var length = OpenFrame.Write(new OpenRequest(TestRelays.Deployment, ServiceName.Parse("app"), 0, 1, ServiceName.Parse("db"), server.Port), payload);

        // shop, app, ordinal, generation: the last byte of the generation is the 20th.
        payload[1 + 4 + 1 + 3 + 4 + 8 - 1] = 0;
        await peer.SendAsync(FrameType.Open, 1, payload.AsMemory(0, length));
        await peer.UntilClosedAsync();
        await Wait.UntilAsync(() => relays.Log.Lines.Any(l => l.Contains("a malformed OPEN frame", StringComparison.Ordinal)), "the log says why");
    }

    private static async Task<(FrameHeader Header, byte[] Payload)> AnswerAsync(RawPeer peer)
    {
        while (true)
        {
            var frame = await peer.ReadFrameAsync();
            if (frame.Header.Type != FrameType.Ping)
            {
                return frame;
            }
        }
    }
}
