using System.Net;
using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>The server of every figure: one loop, until the process is ended.</summary>
internal static class LoadServer
{
    private const int Backlog = 4096;

    /// <summary>Serves some ports of every address.</summary>
    /// <param name="ports">The ports.</param>
    /// <param name="whenListening">Called once all of them are open.</param>
    /// <returns>The exit code; only when it cannot listen.</returns>
    internal static int Run(IReadOnlyList<int> ports, Action whenListening)
    {
        using var loop = new LoadLoop();
        foreach (var port in ports)
        {
            if (TcpSocket.Listen(new IPEndPoint(IPAddress.Any, port), Backlog, out var fault) is not { } socket)
            {
                Console.Error.WriteLine($"port {port} cannot be listened at: {fault}");
                return 1;
            }

            loop.Add(new Listener(loop, socket));
        }

        whenListening();
        while (true)
        {
            loop.RunOnce(-1);
        }
    }

    private sealed class Listener(LoadLoop loop, Descriptor socket) : LoadConnection(loop, socket)
    {
        private readonly Acceptor _acceptor = new(socket);

        internal override bool Turn()
        {
            while (_acceptor.Accept(out _) is { } accepted)
            {
                Loop.Add(new GreetingConnection(Loop, accepted));
            }

            return false;
        }

        public override void Dispose()
        {
            _acceptor.Dispose();
            base.Dispose();
        }
    }
}
