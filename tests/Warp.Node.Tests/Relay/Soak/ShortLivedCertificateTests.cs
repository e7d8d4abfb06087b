using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Warp.Node.Security;
using Warp.Node.Tests.Security;
using Xunit;
using Xunit.Abstractions;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>C45, C46: certificates that live for seconds, under traffic, with clocks that are judged strictly: what is not renewed in time is refused.</summary>
[Collection(SoakGroup.Name)]
public sealed class ShortLivedCertificateTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Duration = SoakSettings.Duration > TimeSpan.FromSeconds(30) ? SoakSettings.Duration : TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, byte> _seen = new(StringComparer.Ordinal);

    [Fact]
    public async Task Certificates_of_six_seconds_fail_no_connection_and_no_open_stream()
    {
        using var bed = new CertificateBed(Life, Tolerance);
        var (one, two) = (bed.One, bed.Join("two"));
        await using var renewalOne = Renew(one, bed);
        await using var renewalTwo = Renew(two, bed);
        await Wait.UntilAsync(() => one.TunnelOnly is not null && two.TunnelOnly is not null, "both have a certificate of their tunnels");
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, credentialsOf: name => (name is "one" ? one : two).Tunnel);
        using var open = await relays.ConnectAsync();

        var clock = Stopwatch.StartNew();
        var connections = 0;
        while (clock.Elapsed < Duration)
        {
            using (var next = await relays.ConnectAsync())
            {
                await EchoAsync(next, connections);
            }

            await EchoAsync(open, connections++);
            Note(one, two);
            await Task.Delay(20);
        }

        var generations = Duration / (Life * 2 / 3);
        output.WriteLine($"{connections} connections in {clock.Elapsed.TotalSeconds:0} s, {_seen.Count} certificates");
        _seen.Count.ShouldBeGreaterThan((int)generations, "each end shows a new one at two thirds of its life");
        relays.Log.Lines.Count(line => line.Contains("the certificate of the tunnels was renewed", StringComparison.Ordinal)).ShouldBeGreaterThan((int)generations);
    }

    private static CertificateRenewal Renew(FileCredentialSource node, CertificateBed bed)
    {
        var renewal = new CertificateRenewal(node, bed.Signer, new RenewalTimes(TimeProvider.System), NullLogger.Instance);
        renewal.Start();
        return renewal;
    }

    private void Note(params FileCredentialSource[] nodes)
    {
        foreach (var node in nodes)
        {
            var held = node.Tunnel.Current;
            held.ShouldNotBe(node.Current, "trunks went over to the node's own certificate");
            _seen.TryAdd(held.Certificate.Thumbprint, 0);
        }
    }

    private static async Task EchoAsync(Socket socket, int number)
    {
        await TargetServer.SendAllAsync(socket, BitConverter.GetBytes(number));
        var answer = new byte[sizeof(int)];
        for (var count = 0; count < answer.Length;)
        {
            var more = await socket.ReceiveAsync(answer.AsMemory(count)).AsTask().WaitAsync(Wait.Limit);
            more.ShouldBeGreaterThan(0, $"connection {number} ended early");
            count += more;
        }

        BitConverter.ToInt32(answer).ShouldBe(number);
    }
}
