using System.Net.Sockets;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>Clients that end as badly as a client can: some thousand of them, or a hundred thousand in the long form.</summary>
[Collection(SoakGroup.Name)]
public sealed class RudeClientTests(ITestOutputHelper output)
{
    private const int AtOnce = 200;
    private const int WarmUp = 1_000;
    private const long ManagedSlack = 8_000_000;
    private const long NativeSlack = 32_000_000;
    private static readonly int Total = SoakSettings.IsLong ? 100_000 : 4_000;

    [Fact]
    public async Task C25_clients_without_manners_leave_no_stream_no_descriptor_and_no_memory_behind()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port);
        await RunAsync(relays, WarmUp);
        var before = await AtRestAsync(relays, "warm");

        await RunAsync(relays, Total);

        var after = await AtRestAsync(relays, "end");
        (after.Managed - before.Managed).ShouldBeLessThan(ManagedSlack, "the managed heap grew");
        (after.Native - before.Native).ShouldBeLessThan(NativeSlack, "native memory in use grew");
        await Wait.UntilAsync(() => !ProcessFigures.Added(before, ProcessFigures.Read()).Any(), "no descriptor is left");
    }

    private static async Task RunAsync(TestRelays relays, int count)
    {
        for (var begun = 0; begun < count; begun += AtOnce)
        {
            await Task.WhenAll(Enumerable.Range(begun, AtOnce).Select(number => EndBadlyAsync(relays, number)));
        }
    }

    private static async Task EndBadlyAsync(TestRelays relays, int number)
    {
        using var client = await relays.ConnectAsync();
        switch (number % 5)
        {
            case 0:
                // Dies before it has said anything.
                break;
            case 1:
                // Dies with an echo on its way.
                await TargetServer.SendAllAsync(client, new byte[16 * 1024]);
                break;
            case 2:
                // Ends its direction and does not wait for the answer.
                await TargetServer.SendAllAsync(client, new byte[100]);
                client.Shutdown(SocketShutdown.Send);
                break;
            case 3:
                // Leaves bytes unread: its kernel resets by itself.
                await TargetServer.SendAllAsync(client, new byte[100]);
                _ = await client.ReceiveAsync(new byte[1]).WaitAsync(Wait.Limit);
                return;
            default:
                // Says nothing for a while.
                await Task.Delay(50);
                break;
        }

        client.LingerState = new LingerOption(enable: true, 0);
    }

    private async Task<ProcessFigures> AtRestAsync(TestRelays relays, string when)
    {
        foreach (var engine in new[] { relays.One, relays.Two })
        {
            await Wait.UntilAsync(async () => await engine.SnapshotAsync(1) is { OpenFlows: 0, BufferedBytes: 0, WindowBytes: 0 }, $"no stream, no waiting byte and no window is left ({when})");
        }

        var figures = ProcessFigures.Read();
        output.WriteLine($"{when}: {figures}");
        return figures;
    }
}
