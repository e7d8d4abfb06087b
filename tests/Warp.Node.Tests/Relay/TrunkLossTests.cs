using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Shouldly;
using Warp.Node.Relay;
using Xunit;
using Xunit.Abstractions;

namespace Warp.Node.Tests.Relay;

public sealed class TrunkLossTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_ends_every_stream_with_an_error_at_both_ends_and_new_ones_work_after_it(bool inFullFlow)
    {
        var ends = new ConcurrentBag<SocketError>();
        await using var server = new TargetServer(async socket =>
        {
            _ = await socket.SendAsync(new byte[1]);
            ends.Add(await (inFullFlow ? EndOfSending(socket) : StreamEndTests.EndOf(socket)));
        });
        using var link = new CuttableLink();
        await using var relays = TestRelays.Start(server.Port, endpointOf: (_, direct) =>
        {
            link.Behind = direct.Port;
            return direct with { Port = link.Port };
        });
        var clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            var client = await relays.ConnectAsync();
            (await client.ReceiveAsync(new byte[1]).WaitAsync(Wait.Limit)).ShouldBe(1);
            return client;
        }));

        link.Cut();
        foreach (var client in clients)
        {
            (await StreamEndTests.EndOf(client)).ShouldBe(SocketError.ConnectionReset);
            client.Dispose();
        }

        await Wait.UntilAsync(() => ends.Count == clients.Length, "each connection of the server ends");
        ends.ShouldAllBe(end => end == SocketError.ConnectionReset || (inFullFlow && end == SocketError.Shutdown));

        link.Heal();
        var clock = Stopwatch.StartNew();
        using var again = await relays.ConnectAsync();
        (await again.ReceiveAsync(new byte[1]).WaitAsync(Wait.Limit)).ShouldBe(1);
        output.WriteLine($"a new stream worked {clock.ElapsedMilliseconds} ms after the link was back");
    }

    [Fact]
    public async Task A_link_that_drains_lets_streams_finish_and_takes_no_new_ones()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        using var client = await relays.ConnectAsync();
        await RoundTrip(client);
        var link = relays.One.Ensure(relays.PeerTwo);

        link.Drain();
        await Wait.UntilAsync(() => link.Read().Trunks == 0, "the trunks take no new streams");
        await RoundTrip(client);
        (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);

        client.Shutdown(SocketShutdown.Send);
        (await TargetServer.ReadAllAsync(client)).ShouldBeEmpty();
        await Wait.UntilAsync(() => relays.Log.Lines.Any(l => l.Contains("drained", StringComparison.Ordinal)), "the trunk ends when its last stream has");
    }

    [Theory]
    [InlineData(TlsLibrary.Automatic)]
    [InlineData(TlsLibrary.Framework)]
    public async Task New_credentials_bring_new_trunks_while_open_streams_go_on(TlsLibrary library)
    {
        await using var server = TargetServer.Echo();
        var authority = new TestAuthority();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { TlsLibrary = library }, authority);
        using var client = await relays.ConnectAsync();
        await RoundTrip(client);

        relays.CredentialsOne.Current = authority.Issue("one");
        await Wait.UntilAsync(() => relays.Log.Lines.Any(l => l.Contains("the certificate of the tunnels was renewed", StringComparison.Ordinal)), "the old trunk is retired");
        await RoundTrip(client);
        using var other = await relays.ConnectAsync();
        await RoundTrip(other);
    }

    [Fact]
    public async Task Much_data_under_one_key_is_carried_on_under_new_keys()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { RecordsPerKey = 50 });
        using var client = await relays.ConnectAsync();
        for (var i = 0; i < 60; i++)
        {
            var chunk = new byte[256 * 1024];
            var sending = TargetServer.SendAllAsync(client, chunk);
            var count = 0;
            while (count < chunk.Length)
            {
                count += await client.ReceiveAsync(chunk).WaitAsync(Wait.Limit);
            }

            await sending;
            await Task.Delay(50);
        }

        relays.Log.Lines.ShouldContain(l => l.Contains("much data under one key", StringComparison.Ordinal));
        using var other = await relays.ConnectAsync();
        await RoundTrip(other);
    }

    [Fact]
    public async Task Where_keys_cannot_change_a_trunk_is_retired_and_ended_before_the_safe_limit()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { RecordsPerKey = 50, TlsLibrary = TlsLibrary.Framework });
        using var staying = await relays.ConnectAsync();
        var sending = EndOfSending(staying);

        // The kernel tells of the reset once: to the call that comes first.
        new[] { await StreamEndTests.EndOf(staying), await sending }.ShouldContain(SocketError.ConnectionReset);

        relays.Log.Lines.ShouldContain(l => l.Contains("much data under one key", StringComparison.Ordinal));
        await Wait.UntilAsync(() => relays.Log.Lines.Any(l => l.Contains("the safe limit of data under one key", StringComparison.Ordinal)), "the log says why");
        using var other = await relays.ConnectAsync();
        await RoundTrip(other);
    }

    private static async Task<SocketError> EndOfSending(Socket socket)
    {
        try
        {
            while (true)
            {
                _ = await socket.SendAsync(new byte[16 * 1024]);
            }
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode;
        }
    }

    internal static async Task RoundTrip(Socket client)
    {
        await client.SendAsync("x"u8.ToArray());
        (await client.ReceiveAsync(new byte[1]).WaitAsync(Wait.Limit)).ShouldBe(1);
    }
}
