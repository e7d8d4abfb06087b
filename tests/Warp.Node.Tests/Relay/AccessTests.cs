using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Relay;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Relay;

public sealed class AccessTests
{
    [Theory]
    [InlineData(TlsLibrary.Automatic)]
    [InlineData(TlsLibrary.Framework)]
    public async Task A_runner_of_another_CA_gets_no_trunk(TlsLibrary library)
    {
        await using var server = TargetServer.Echo();
        var options = TestRelays.Options with { TlsLibrary = library, TrunkWait = TimeSpan.FromSeconds(1) };
        await using var relays = TestRelays.Start(server.Port, options, foreign: new TestAuthority());
        (await relays.One.Ensure(relays.PeerTwo).OpenTrunkAsync(CancellationToken.None).WaitAsync(Wait.Limit)).Problem.ShouldNotBeNull();
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task A_runner_that_does_not_host_the_caller_is_denied()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        relays.RoutesTwo.Publish(relays.Routes("two", appRunner: "three"));
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
        (await relays.Two.SnapshotAsync(1)).DeniedAtExit[RouteRefusal.CallerNotThere].ShouldBe(1);
        (await relays.One.SnapshotAsync(1)).RefusedAtEntry[RouteRefusal.CallerNotThere].ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_whose_generation_the_exit_hears_of_a_moment_later_is_let_through()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        relays.RoutesOne.Publish(relays.Routes("one", appGeneration: 2));
        using var client = await relays.ConnectAsync();
        await client.SendAsync("x"u8.ToArray());
        await Wait.UntilAsync(async () => (await relays.Two.SnapshotAsync(1)).OpenFlows == 1, "the exit holds the stream");
        relays.RoutesTwo.Publish(relays.Routes("two", appGeneration: 2));
        (await client.ReceiveAsync(new byte[1]).WaitAsync(Wait.Limit)).ShouldBe(1);
    }

    [Fact]
    public async Task A_target_that_does_not_come_up_is_an_error_after_its_hold()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        relays.RoutesTwo.Publish(relays.Routes("two", dbRuns: false, dbHold: 1));
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
        (await relays.Two.SnapshotAsync(1)).DeniedAtExit[RouteRefusal.NotRunning].ShouldBe(1);
    }

    [Fact]
    public async Task An_open_stream_ends_when_its_caller_has_been_replaced()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);
        relays.RoutesTwo.Publish(relays.Routes("two", appGeneration: 2));
        (await StreamEndTests.EndOf(client)).ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task An_unknown_container_is_refused_at_the_entry()
    {
        await using var relays = TestRelays.Start(TestPorts.Next());
        relays.RoutesOne.Publish(Cluster.Endpoints.RunnerRoutes.Empty(RunnerId.Parse("one")));
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
        (await relays.One.SnapshotAsync(1)).RefusedAtEntry[RouteRefusal.UnknownCaller].ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_to_the_intercept_listener_itself_is_reset_at_once()
    {
        var port = TestPorts.Next();
        await using var relays = TestRelays.Start(TestPorts.Next());
        await using var engine = new RelayEngine(
            TestRelays.Options with { InterceptEndpoint = new(System.Net.IPAddress.Loopback, port), TunnelEndpoint = null },
            relays.RoutesOne,
            relays.CredentialsOne,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        engine.Start().Problem.ShouldBeNull();
        (await TestRelays.EndOfRefusedAsync(new(System.Net.IPAddress.Loopback, port))).ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task A_peer_that_proves_to_be_another_runner_than_was_dialled_is_refused()
    {
        await using var relays = TestRelays.Start(TestPorts.Next());
        var link = relays.One.Ensure(new Peer(RunnerId.Parse("three"), relays.EndpointOfTwo, relays.EndpointOfTwo));
        (await link.OpenTrunkAsync(CancellationToken.None).WaitAsync(Wait.Limit)).Problem.ShouldNotBeNull().ShouldContain("is the runner 'two', not 'three'");
    }

    [Fact]
    public async Task A_dial_that_nobody_answers_names_the_cause()
    {
        await using var relays = TestRelays.Start(TestPorts.Next());
        var link = relays.One.Ensure(new Peer(RunnerId.Parse("three"), new NodeEndpoint("127.0.0.1", TestPorts.Next()), relays.EndpointOfTwo));
        (await link.OpenTrunkAsync(CancellationToken.None).WaitAsync(Wait.Limit)).Problem.ShouldNotBeNull().ShouldContain("connection refused");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_a_clear_failure()
    {
        await using var relays = TestRelays.Start(TestPorts.Next());
        await using var second = new RelayEngine(
            TestRelays.Options with { InterceptEndpoint = null, TunnelEndpoint = new(System.Net.IPAddress.Loopback, relays.EndpointOfOne.Port) },
            relays.RoutesOne,
            relays.CredentialsOne,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        second.Start().Problem.ShouldNotBeNull().ShouldContain("in use by another program");
    }
}
