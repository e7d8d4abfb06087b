using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;

namespace Warp.Bench.Scale.Traffic;

/// <summary>A process whose listeners send back what they get: one thread, so that tens of thousands of idle connections cost it nothing.</summary>
internal static class EchoServer
{
    /// <summary>Serves until standard input ends.</summary>
    internal static async Task<int> RunAsync(IEnumerable<string> ports)
    {
        using var loop = new RelayLoop("echo", NullLogger.Instance);
        foreach (var port in ports)
        {
            var listener = TcpSocket.Listen(new IPEndPoint(IPAddress.Any, int.Parse(port, CultureInfo.InvariantCulture)), 4096, out var fault)
                ?? throw new InvalidOperationException($"port {port}: {fault}");
            loop.Post(() => loop.Watch(listener.Number, ReadyEvents.In, new Listener(loop, new Acceptor(listener))));
        }

        loop.Start();
        await Console.Out.WriteLineAsync("ready");
        _ = await Console.In.ReadLineAsync();
        return 0;
    }

    private sealed class Listener(RelayLoop loop, Acceptor acceptor) : PollTarget
    {
        internal override void OnReady(ReadyEvents events)
        {
            while (acceptor.Accept(out _) is { } socket)
            {
                var connection = new Connection(loop, socket);
                if (!loop.Watch(socket.Number, ReadyEvents.In, connection))
                {
                    socket.Dispose();
                }
            }
        }

        internal override void OnFault(Exception fault) => Console.Error.WriteLine(fault);
    }

    private sealed class Connection(RelayLoop loop, Descriptor socket) : PollTarget
    {
        private const int Capacity = 4096;

        internal override unsafe void OnReady(ReadyEvents events)
        {
            var buffer = stackalloc byte[Capacity];
            var count = TcpSocket.Receive(socket.Number, buffer, Capacity, out var fault);
            if (count > 0)
            {
                _ = TcpSocket.Send(socket.Number, buffer, count, out _);
            }
            else if (fault != SocketFault.WouldBlock)
            {
                End();
            }
        }

        internal override void OnFault(Exception fault) => End();

        private void End()
        {
            loop.Forget(this);
            socket.Dispose();
        }
    }
}
