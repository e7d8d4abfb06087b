using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Warp.Bench.Load;

/// <summary>Whether a peer carries what it is given: random bytes intact both ways, an echo of the marker, and an end of stream in one direction.</summary>
internal static class CarryCheck
{
    private const int Length = 8_000_000;
    private const int MarkerRepeats = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Says 1 or 0 for each of the checks.</summary>
    internal static async Task<Dictionary<string, double>> RunAsync(IPEndPoint target, string marker)
    {
        LoadRun.AwaitStart();
        return new(StringComparer.Ordinal)
        {
            ["up"] = await TryAsync(target, UpAsync),
            ["down"] = await TryAsync(target, DownAsync),
            ["echo"] = await TryAsync(target, (stream, end) => EchoAsync(stream, marker, end)),
            ["half_close"] = await TryAsync(target, HalfCloseAsync),
        };
    }

    /// <summary>Connects again and again until somebody answers an echo.</summary>
    internal static async Task<Dictionary<string, double>> AwaitAsync(IPEndPoint target)
    {
        var deadline = LoadClock.Now + LoadClock.Nanoseconds(Patience.TotalSeconds);
        while (LoadClock.Now < deadline)
        {
            if (await TryAsync(target, (stream, end) => EchoAsync(stream, "!", end)) == 1)
            {
                return new(StringComparer.Ordinal) { ["answers"] = 1 };
            }

            await Task.Delay(100);
        }

        return new(StringComparer.Ordinal) { ["answers"] = 0 };
    }

    private static async Task<double> TryAsync(IPEndPoint target, Func<NetworkStream, CancellationToken, Task<bool>> check)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, deadline.Token);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            return await check(stream, deadline.Token) ? 1 : 0;
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
        {
            return 0;
        }
    }

    private static async Task<bool> UpAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var bytes = KnownBytes.Make(Length);
        await stream.WriteAsync(LoadHeader.Make(LoadMode.Digest, Length), cancellationToken);
        await stream.WriteAsync(bytes, cancellationToken);
        var wanted = KnownBytes.Sum(bytes);
        var sum = new byte[wanted.Length];
        await stream.ReadExactlyAsync(sum, cancellationToken);
        return sum.AsSpan().SequenceEqual(wanted);
    }

    private static async Task<bool> DownAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(LoadHeader.Make(LoadMode.Known, Length), cancellationToken);
        var bytes = new byte[Length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes.AsSpan().SequenceEqual(KnownBytes.Make(Length)) && await stream.ReadAsync(new byte[1], cancellationToken) == 0;
    }

    private static async Task<bool> EchoAsync(NetworkStream stream, string marker, CancellationToken cancellationToken)
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(marker, MarkerRepeats)));
        await stream.WriteAsync(LoadHeader.Make(LoadMode.Echo, 0), cancellationToken);
        await stream.WriteAsync(text, cancellationToken);
        var answer = new byte[text.Length];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer.AsSpan().SequenceEqual(text);
    }

    private static async Task<bool> HalfCloseAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(LoadHeader.Make(LoadMode.AwaitEnd, 0), cancellationToken);
        stream.Socket.Shutdown(SocketShutdown.Send);
        return await stream.ReadAsync(new byte[1], cancellationToken) == 1;
    }
}
