using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Warp.TestPeer;

/// <summary>Holds connections open and makes new ones all the time, until the process ends, and says what became of them.</summary>
internal sealed class Witness(string host, string port, int held)
{
    private static readonly TimeSpan ExchangeEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ConnectEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SayEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // A connection that says nothing for so long is as good as lost.
    private static readonly TimeSpan Dead = TimeSpan.FromMinutes(2);

    // Below this, it is the machine that was busy.
    private static readonly TimeSpan ShortestOutage = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private WitnessCounts _counts = WitnessCounts.None;
    private long _lastConnected = Stopwatch.GetTimestamp();

    /// <summary>Goes on until the process ends.</summary>
    public Task RunAsync() => Task.WhenAll([SayAsync(), ConnectAsync(), .. Enumerable.Range(0, held).Select(_ => HoldAsync())]);

    /// <summary>One connection at a time, over which lines go to and fro; the next begins when it was lost.</summary>
    private async Task HoldAsync()
    {
        while (true)
        {
            var open = false;
            try
            {
                using var socket = await PeerClient.AskAsync(host, port, "echo");
                await ExchangeAsync(socket, Patience);
                open = true;
                Count(counts => counts with { Open = counts.Open + 1 });
                while (true)
                {
                    await Task.Delay(ExchangeEvery);
                    await ExchangeAsync(socket, Dead);
                }
            }
            catch (Exception e) when (e is SocketException or PeerException or TimeoutException or OperationCanceledException)
            {
                if (open)
                {
                    Count(counts => counts with { Open = counts.Open - 1, Lost = counts.Lost + 1, FirstLoss = counts.FirstLoss ?? $"{DateTimeOffset.UtcNow:O} {e.Message}" });
                }

                await Task.Delay(ConnectEvery);
            }
        }
    }

    /// <summary>A new connection ten times in a second, however long the ones before take.</summary>
    private async Task ConnectAsync()
    {
        using var pace = new PeriodicTimer(ConnectEvery);
        while (await pace.WaitForNextTickAsync())
        {
            _ = OnceAsync();
        }
    }

    private async Task OnceAsync()
    {
        try
        {
            using var socket = await PeerClient.AskAsync(host, port, "echo");
            await ExchangeAsync(socket, Patience);
            Count(Connected);
        }
        catch (Exception e) when (e is SocketException or PeerException or TimeoutException or OperationCanceledException)
        {
            Count(counts => counts with { Failed = counts.Failed + 1 });
        }
    }

    private WitnessCounts Connected(WitnessCounts counts)
    {
        var without = Stopwatch.GetElapsedTime(_lastConnected);
        _lastConnected = Stopwatch.GetTimestamp();
        return counts with
        {
            Connected = counts.Connected + 1,
            Outages = without < ShortestOutage ? counts.Outages : counts.Outages.Add(new WitnessOutage(DateTimeOffset.UtcNow, (long)without.TotalMilliseconds)),
        };
    }

    private static async Task ExchangeAsync(Socket socket, TimeSpan patience)
    {
        var line = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture);
        await Wire.SendAsync(socket, $"{line}\n");
        if (!string.Equals(await Wire.ReadLineAsync(socket).WaitAsync(patience), line, StringComparison.Ordinal))
        {
            throw new PeerException("the answer is not what was said");
        }
    }

    private void Count(Func<WitnessCounts, WitnessCounts> change)
    {
        lock (_gate)
        {
            _counts = change(_counts);
        }
    }

    private async Task SayAsync()
    {
        using var pace = new PeriodicTimer(SayEvery);
        while (await pace.WaitForNextTickAsync())
        {
            await Console.Out.WriteLineAsync((_counts with { At = DateTimeOffset.UtcNow }).ToJson());
        }
    }
}
