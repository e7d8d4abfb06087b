using Warp.Cluster.Identity;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Tls;
using Warp.Node.Security;

namespace Warp.Node.Relay.Trunks;

/// <summary>A trunk before it is one: TCP connect (when dialled), TLS handshake, identity. Lives on the handshake loop, so that its cost stalls no stream.</summary>
internal sealed class TrunkHandshake : PollTarget
{
    private readonly HandshakeDesk _desk;
    private readonly Descriptor _socket;
    private readonly RunnerId? _wanted;
    private ITrunkTls? _tls;
    private NodeCredentials? _credentials;
    private bool _connecting;

    /// <summary>Makes a handshake on a socket.</summary>
    /// <param name="desk">Where it is kept.</param>
    /// <param name="socket">The socket, which belongs to the handshake from now on.</param>
    /// <param name="remote">Where the peer is, for the log.</param>
    /// <param name="wanted">Whom this end dialled; null when the peer dialled.</param>
    internal TrunkHandshake(HandshakeDesk desk, Descriptor socket, string remote, RunnerId? wanted)
    {
        (_desk, _socket, Remote, _wanted) = (desk, socket, remote, wanted);
        StartedAt = Environment.TickCount64;
        _connecting = wanted is not null;
    }

    /// <summary>Where the peer is.</summary>
    internal string Remote { get; }

    /// <summary>Milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long StartedAt { get; }

    /// <summary>Told once how it ended: a connection, or why there is none.</summary>
    internal Action<EstablishedTrunk?, string?>? Finished { get; init; }

    /// <summary>The socket's number.</summary>
    internal int Socket => _socket.Number;

    /// <inheritdoc/>
    internal override void OnReady(ReadyEvents events)
    {
        if (_connecting)
        {
            var fault = TcpSocket.PendingError(Socket);
            if (fault != SocketFault.None)
            {
                Fail($"{Remote} cannot be reached: {fault.Describe()}. Is the node running there, and is its tunnel port open in the firewall?");
                return;
            }

            if (!events.HasAny(ReadyEvents.Out))
            {
                return;
            }

            _connecting = false;
        }

        if (_tls is null)
        {
            (_tls, _credentials) = _desk.Services.Tls.Create(_wanted is not null);
        }

        Advance(_tls);
    }

    /// <inheritdoc/>
    internal override void OnFault(Exception fault) => Fail($"an internal fault: {fault.Message}");

    /// <summary>Gives up.</summary>
    internal void Fail(string problem)
    {
        _desk.Remove(this);
        _desk.Loop.Forget(this);
        _socket.Dispose();
        _tls?.Dispose();
        Finished?.Invoke(null, problem);
    }

    private void Advance(ITrunkTls tls)
    {
        while (true)
        {
            var state = tls.Handshake();
            Flush(tls.Output);
            switch (state)
            {
                case TlsHandshake.Done:
                    Complete(tls);
                    return;
                case TlsHandshake.Failed:
                    Fail($"{Remote}: {tls.Failure ?? "the TLS handshake failed"}");
                    return;
            }

            if (!Receive(tls.Input, out var problem))
            {
                if (problem is not null)
                {
                    Fail($"{Remote} {problem}");
                }

                return;
            }
        }
    }

    private void Complete(ITrunkTls tls)
    {
        var peer = tls.Peer!.Runner;
        if (_wanted is { } wanted && peer != wanted)
        {
            Fail($"{Remote} is the runner '{peer}', not '{wanted}': two runners have the same address, or the address is out of date");
            return;
        }

        _desk.Remove(this);
        _desk.Loop.Release(Socket, this);
        Finished?.Invoke(new EstablishedTrunk(_socket, tls, peer, Remote, _wanted is not null, _credentials!), null);
    }

    // What does not fit now goes out with what the trunk sends first; a handshake fits into any socket's buffer.
    private unsafe void Flush(NativeBuffer output)
    {
        if (output.Length > 0)
        {
            output.Taken(Math.Max(0, TcpSocket.Send(Socket, output.First, output.Length, out _)));
        }
    }

    private unsafe bool Receive(NativeBuffer input, out string? problem)
    {
        input.Compact();
        var count = TcpSocket.Receive(Socket, input.Next, input.Room, out var fault);
        input.Added(Math.Max(count, 0));
        problem = count switch
        {
            > 0 => null,
            0 => "closed the connection during the handshake: its log says why",
            _ when fault == SocketFault.WouldBlock => null,
            _ => $"broke off the handshake: {fault.Describe()}",
        };
        return count > 0;
    }
}
