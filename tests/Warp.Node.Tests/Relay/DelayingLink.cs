using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Warp.Node.Tests.Relay;

/// <summary>A TCP relay whose bytes take their time in both directions, like a long line of any bandwidth, and which knows how many are on the way.</summary>
internal sealed class DelayingLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _pumps = [];
    private readonly TimeSpan _delay;
    private readonly Task _accepting;
    private long _backward;
    private long _mostBackward;

    /// <param name="delay">Of each direction.</param>
    internal DelayingLink(TimeSpan delay)
    {
        _delay = delay;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal int Behind { get; set; }

    /// <summary>How many bytes of the direction to the dialler were on the way at once, at most.</summary>
    internal long MostOnTheWay => Volatile.Read(ref _mostBackward);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _sockets.ForEach(s => s.Dispose());
        await Task.WhenAll(_pumps);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync();
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(IPAddress.Loopback, Behind);
                (near.NoDelay, far.NoDelay) = (true, true);
                _sockets.AddRange([near, far]);
                _pumps.AddRange([PumpAsync(near, far, static _ => { }), PumpAsync(far, near, CountBackward)]);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Action<int> count)
    {
        var line = Channel.CreateUnbounded<(long Due, byte[] Bytes)>();
        await Task.WhenAll(FillAsync(from, line.Writer, count), DrainAsync(line.Reader, to, count));
    }

    private async Task FillAsync(Socket from, ChannelWriter<(long Due, byte[] Bytes)> line, Action<int> count)
    {
        var buffer = new byte[256 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                count(read);
                await line.WriteAsync((Stopwatch.GetTimestamp() + (long)(_delay.TotalSeconds * Stopwatch.Frequency), buffer.AsSpan(0, read).ToArray()));
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // One end is gone; what is on the way still arrives.
        }

        line.Complete();
    }

    private static async Task DrainAsync(ChannelReader<(long Due, byte[] Bytes)> line, Socket to, Action<int> count)
    {
        try
        {
            await foreach (var (due, bytes) in line.ReadAllAsync())
            {
                if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } rest)
                {
                    await Task.Delay(rest);
                }

                count(-bytes.Length);
                await TargetServer.SendAllAsync(to, bytes);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The other end is gone.
        }
    }

    private void CountBackward(int bytes)
    {
        var now = Interlocked.Add(ref _backward, bytes);
        long most;
        while ((most = Volatile.Read(ref _mostBackward)) < now)
        {
            Interlocked.CompareExchange(ref _mostBackward, now, most);
        }
    }
}
