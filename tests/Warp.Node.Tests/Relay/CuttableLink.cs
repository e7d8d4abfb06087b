using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Warp.Node.Tests.Relay;

/// <summary>A TCP relay between two engines that can be cut (connections reset, new ones refused) and healed, or accept and say nothing.</summary>
internal sealed class CuttableLink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private volatile bool _cut;

    internal CuttableLink()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal int Behind { get; set; }

    /// <summary>Whether connections that come now are accepted and then left alone for ever.</summary>
    internal bool IsSilent { get; set; }

    /// <summary>How many connections came.</summary>
    internal int Accepted { get; private set; }

    internal void Cut()
    {
        _cut = true;
        while (_sockets.TryTake(out var socket))
        {
            Reset(socket);
        }
    }

    internal void Heal() => _cut = false;

    public void Dispose()
    {
        Cut();
        _listener.Dispose();
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, 0);
        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket near;
            try
            {
                near = await _listener.AcceptSocketAsync();
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                return;
            }

            Accepted++;
            if (IsSilent)
            {
                _sockets.Add(near);
                continue;
            }

            if (_cut)
            {
                Reset(near);
                continue;
            }

            _ = JoinAsync(near);
        }
    }

    private async Task JoinAsync(Socket near)
    {
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await far.ConnectAsync(IPAddress.Loopback, Behind);
        _sockets.Add(near);
        _sockets.Add(far);
        if (_cut)
        {
            Cut();
        }

        await Task.WhenAll(CopyAsync(near, far), CopyAsync(far, near));
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                await TargetServer.SendAllAsync(to, buffer.AsMemory(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
