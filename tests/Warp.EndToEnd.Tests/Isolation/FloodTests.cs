using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Machines;
using Xunit;

namespace Warp.EndToEnd.Tests.Isolation;

/// <summary>Somebody on the network who opens as many connections as he can to every port of a node, and says nothing, garbage, or half of something on them.</summary>
[Collection(LabGroup.Name)]
public sealed class FloodTests(LabFixture lab)
{
    private const int ConnectionsPerPort = 300;
    private static readonly int[] Ports = [4053, 4054, 8558, 443, 80];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_flood_of_connections_that_say_nothing_or_garbage_keeps_nobody_from_a_node()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        var flood = (await Task.WhenAll(Ports.SelectMany(_ => Enumerable.Range(0, ConnectionsPerPort), OpenAsync))).OfType<Socket>().ToList();
        try
        {
            flood.Count.ShouldBeGreaterThan(Ports.Length * 100);

            (await pair.AppToDbAsync("echo", PeerPair.Port, "through the tunnel")).Ok.ShouldBeTrue();
            var page = await lab.R1.Machine.RunAsync(["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "20", $"https://{lab.R2.Address}/"]);
            page.Ensure().Output.ShouldMatch("^[1-5][0-9][0-9]$");

            // r1 asks r2 over its management port.
            using var api = lab.Api();
            var denials = (await api.GetAsync("/warp/v1/runners/r2/denials")).Body;
            denials.ShouldContain("NodeFlood");
            denials.ShouldContain("NotProven");
            denials.ShouldContain(Switch.AddressOf(200));
        }
        finally
        {
            flood.ForEach(socket => socket.Dispose());
        }

        await Poll.UntilAsync("both runners are in the cluster", TimeSpan.FromSeconds(30), async () =>
        {
            using var api = lab.Api();
            return !(await api.GetAsync("/warp/v1/runners")).Body.Contains("\"reachable\":false", StringComparison.Ordinal);
        });
    }

    private async Task<Socket?> OpenAsync(int port, int number)
    {
        var socket = MachineSockets.CreateTcp(lab.Lab.Outsider);
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await socket.ConnectAsync(lab.R2.Address, port, deadline.Token);
            await socket.SendAsync(Words(number), deadline.Token);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    // Nothing; noise; the beginning of a TLS handshake that announces the largest record; a request that never ends.
    private static byte[] Words(int number) => (number % 4) switch
    {
        0 => [],
        1 => RandomNumberGenerator.GetBytes(4096),
        2 => [0x16, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc, .. new byte[100]],
        _ => Encoding.ASCII.GetBytes($"GET /{new string('a', 9000)}"),
    };
}
