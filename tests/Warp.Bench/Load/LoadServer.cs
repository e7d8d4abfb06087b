using System.Net;
using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>The server of every figure: one loop, until the process is ended.</summary>
internal static class LoadServer
{
    private const int Backlog = 4096;

    /// <summary>Serves a port of every address.</summary>
    /// <returns>The exit code; only when it cannot listen.</returns>
    internal static int Run(int port)
    {
        if (TcpSocket.Listen(new IPEndPoint(IPAddress.Any, port), Backlog, out var fault) is not { } socket)
        {
            Console.Error.WriteLine($"port {port} cannot be listened at: {fault}");
            return 1;
        }

        using var loop = new LoadLoop();
        loop.Add(new Listener(loop, socket));
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
