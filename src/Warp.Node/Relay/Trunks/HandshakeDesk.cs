using System.Net;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Trunks;

/// <summary>
/// The handshakes under way, on a loop of their own. Their number is bounded: when the bound is reached the oldest of the address that has the most gives way,
/// so that connections that say nothing cannot keep a peer out, whose handshake takes milliseconds.
/// </summary>
internal sealed class HandshakeDesk(RelayLoop loop, RelayServices services) : ILoopMember
{
    private const ReadyEvents All = ReadyEvents.In | ReadyEvents.Out | ReadyEvents.PeerClosed | ReadyEvents.EdgeTriggered;
    private readonly LinkedList<TrunkHandshake> _handshakes = new();
    private bool _isClosed;

    /// <summary>The handshake loop.</summary>
    internal RelayLoop Loop => loop;

    /// <summary>What the engine shares.</summary>
    internal RelayServices Services => services;

    /// <summary>A peer has connected; callable on the loop's thread.</summary>
    internal void Accept(Descriptor socket, string remote, Action<EstablishedTrunk> established) =>
        Begin(new TrunkHandshake(this, socket, remote, wanted: null) { Finished = (trunk, problem) => OnAccepted(trunk, remote, problem, established) });

    /// <summary>Connects to a peer; callable from any thread.</summary>
    internal void Dial(IPEndPoint endpoint, RunnerId wanted, Action<EstablishedTrunk?, string?> finished)
    {
        var socket = TcpSocket.Open(endpoint.AddressFamily, out var fault);
        if (socket is not null)
        {
            fault = TcpSocket.Connect(socket.Number, endpoint.Serialize());
        }

        if (fault is not (SocketFault.None or SocketFault.InProgress))
        {
            socket?.Dispose();
            finished(null, $"{endpoint} cannot be reached: {fault.Describe()}. Is the node running there, and is its tunnel port open in the firewall?");
            return;
        }

        loop.Post(() => Begin(new TrunkHandshake(this, socket!, endpoint.ToString(), wanted) { Finished = finished }));
    }

    /// <summary>A handshake has ended.</summary>
    internal void Remove(TrunkHandshake handshake) => _handshakes.Remove(handshake);

    /// <inheritdoc/>
    public bool Turn() => false;

    /// <inheritdoc/>
    public void Tick(long now)
    {
        var limit = services.Options.HandshakeTimeout.TotalMilliseconds;
        while (_handshakes.First is { } oldest && now - oldest.Value.StartedAt > limit)
        {
            oldest.Value.Fail($"{oldest.Value.Remote} did not finish the handshake in {services.Options.HandshakeTimeout.TotalSeconds:0} s. Is its tunnel port open in the firewall?");
        }
    }

    /// <inheritdoc/>
    public void OnFault(Exception fault)
    {
    }

    /// <summary>Ends all and each that is still to come, because the engine ends.</summary>
    internal void Clear()
    {
        _isClosed = true;
        while (_handshakes.First is { } oldest)
        {
            oldest.Value.Fail("the node stops");
        }
    }

    private void Begin(TrunkHandshake handshake)
    {
        if (_handshakes.Count >= services.Options.MaxHandshakes)
        {
            _handshakes.GroupBy(h => h.Remote, StringComparer.Ordinal).MaxBy(of => of.Count())!.First().Fail("too many handshakes at once: the oldest of this address gave way");
        }

        TrunkSocket.Configure(handshake.Socket, services.Options);
        _handshakes.AddLast(handshake);
        if (_isClosed || !loop.Watch(handshake.Socket, All, handshake))
        {
            handshake.Fail(_isClosed ? "the node stops" : "the kernel watches no more descriptors");
        }
    }

    private void OnAccepted(EstablishedTrunk? trunk, string remote, string? problem, Action<EstablishedTrunk> established)
    {
        if (trunk is not null)
        {
            established(trunk);
        }
        else
        {
            services.Refusals.Handshake(remote, problem!);
        }
    }
}
