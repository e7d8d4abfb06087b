using System.Diagnostics.CodeAnalysis;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Relay.Tls;
using Warp.Node.Security;

namespace Warp.Node.Relay.Trunks;

/// <summary>
/// One mutual-TLS connection to a peer with the streams that go over it; everything of it belongs to one loop. Its loss ends each of its streams
/// with a reset at both ends, never with a clean end.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Its end is Fail, whatever the cause; the loop then frees what it owns.")]
internal sealed class Trunk : PollTarget, ILoopMember
{
    private readonly EstablishedTrunk _connection;
    private readonly TrunkInput _input;
    private readonly TrunkHealth _health;
    private bool _wantsTurn;
    private bool _goAwaySent;
    private bool _goAwayReceived;
    private bool _finishing;

    internal Trunk(EstablishedTrunk connection, LoopShare share, TunnelLink link)
    {
        (_connection, Share, Link) = (connection, share, link);
        Blocks = new PeerBlocks(share.Blocks, link.Buffers);
        Output = new TrunkOutput(this);
        Streams = new StreamTable(this, connection.Dialled);
        _input = new TrunkInput(this);
        _health = new TrunkHealth(this);
    }

    /// <summary>The loop's and the engine's things.</summary>
    internal LoopShare Share { get; }

    /// <summary>The peer's link.</summary>
    internal TunnelLink Link { get; }

    /// <summary>Memory for bytes that wait for slow readers.</summary>
    internal PeerBlocks Blocks { get; }

    /// <summary>The peer, as its certificate proved.</summary>
    internal RunnerId Peer => _connection.Peer;

    /// <summary>Protocol and suite.</summary>
    internal string? Cipher => Tls.Cipher;

    /// <summary>What waits to be sent.</summary>
    internal TrunkOutput Output { get; }

    /// <summary>Its streams.</summary>
    internal StreamTable Streams { get; }

    /// <summary>How busy it is, for the choice between trunks; read from any thread.</summary>
    internal TrunkLoad Load { get; } = new();

    /// <summary>The encryption.</summary>
    internal ITrunkTls Tls => _connection.Tls;

    /// <summary>The socket's number.</summary>
    internal int Socket => _connection.Socket.Number;

    /// <summary>The credentials that it was opened with.</summary>
    internal NodeCredentials Credentials => _connection.Credentials;

    /// <summary>Whether the peer's preface came: it accepts us, and its settings are known.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>Whether it is gone.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>Whether new streams may be opened by this end.</summary>
    internal bool TakesStreams => IsOpen && !IsClosed && !_goAwaySent && !_goAwayReceived;

    /// <summary>What the peer takes on a new stream at first, in bytes.</summary>
    internal int PeerInitialWindow { get; private set; }

    /// <summary>The largest DATA payload that the peer takes.</summary>
    internal int PeerMaxData { get; private set; }

    /// <summary>The round trip in microseconds.</summary>
    internal long RoundTrip => _health.RoundTrip;

    /// <summary>On the loop's thread: begins to work.</summary>
    internal void Start()
    {
        const ReadyEvents all = ReadyEvents.In | ReadyEvents.Out | ReadyEvents.PeerClosed | ReadyEvents.EdgeTriggered;
        Share.Loop.Join(this);
        if (!Share.Loop.Watch(Socket, all, this))
        {
            Fail("the kernel watches no more descriptors");
            return;
        }

        // What the peer sent right behind its handshake has been read already.
        Output.Preface(new Preface(Share.Services.Options.MaxFrame, Share.Services.Options.InitialWindow));
        _input.MarkReadable(ending: false);
        WantTurn();
    }

    /// <summary>The peer's first bytes were read and are right.</summary>
    internal void OnPreface(Preface preface)
    {
        (PeerInitialWindow, PeerMaxData, IsOpen) = (preface.InitialWindow, Math.Min(preface.MaxData, Share.Services.Options.MaxFrame), true);
        _health.Opened();
        if (!_goAwaySent)
        {
            Link.TrunkOpened(this, _connection.Remote);
        }
    }

    /// <summary>A frame of the trunk itself, or of a stream.</summary>
    internal void OnFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Ping:
                Output.Pong(payload);
                break;
            case FrameType.Pong:
                _health.OnPong(payload);
                break;
            case FrameType.GoAway:
                _goAwayReceived = true;
                Retire("the peer drains it");
                break;
            default:
                if (Streams.OnFrame(header, payload) is { } problem)
                {
                    Fail($"the peer broke the protocol: {problem}");
                }

                break;
        }
    }

    /// <summary>Opens no more streams; the trunk ends when those that are open have.</summary>
    internal void Retire(string reason)
    {
        if (!_goAwaySent && !IsClosed)
        {
            _goAwaySent = true;
            Output.GoAway();
            Link.TrunkRetired(this, reason, byPeer: _goAwayReceived);
        }

        FinishWhenIdle();
    }

    /// <summary>Asks the loop for a turn.</summary>
    internal void WantTurn()
    {
        if (!_wantsTurn)
        {
            _wantsTurn = true;
            Share.Loop.WantTurn(this);
        }
    }

    /// <inheritdoc/>
    public bool Turn()
    {
        // What asks for a turn meanwhile has it: the output comes last and says whether anything is left.
        _wantsTurn = true;
        var more = !IsClosed && _input.Read();
        more |= !IsClosed && Streams.Recheck();
        more |= !IsClosed && Output.Write();
        FinishWhenIdle();
        _wantsTurn = more;
        return more;
    }

    /// <inheritdoc/>
    public void Tick(long now)
    {
        Streams.Tick(now);
        Load.Tick();
        _health.Tick(now);
    }

    /// <inheritdoc/>
    internal override void OnReady(ReadyEvents events)
    {
        if (events.HasAny(ReadyEvents.Out))
        {
            Output.MarkWritable();
        }

        if (events.HasAny(~ReadyEvents.Out))
        {
            _input.MarkReadable(events.HasAny(ReadyEvents.PeerClosed | ReadyEvents.Error | ReadyEvents.HangUp));
        }

        WantTurn();
    }

    /// <inheritdoc/>
    internal override void OnFault(Exception fault) => Fail($"an internal fault: {fault.Message}");

    /// <inheritdoc/>
    void ILoopMember.OnFault(Exception fault) => OnFault(fault);

    /// <summary>Something came from the peer.</summary>
    internal void Heard() => _health.Heard();

    /// <summary>Payload was sent.</summary>
    internal void CountSent(int bytes) => Load.AddSent(bytes);

    /// <summary>Closes the trunk and resets its streams.</summary>
    /// <param name="reason">For the log.</param>
    internal void Fail(string reason)
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        var streams = Streams.Count;
        Share.Loop.Forget(this);
        Share.Loop.Leave(this);
        Streams.AbortAll();

        // A caller further up may still hold bytes of the buffers.
        Share.Loop.Post(FreeResources);
        Link.TrunkClosed(this, streams, _finishing ? "drained" : reason);
    }

    private void FreeResources()
    {
        _connection.Dispose();
        Output.Dispose();
        _input.Dispose();
    }

    // Both ends have said that they open no more streams, and none is left: nothing can be lost any more. The one who sees it first ends
    // its direction; closing at once could destroy what is still under way.
    private void FinishWhenIdle()
    {
        if (_goAwaySent && _goAwayReceived && !_finishing && !IsClosed && Streams.Count == 0 && Output.IsEmpty)
        {
            _finishing = true;
            TcpSocket.ShutdownSend(Socket);
        }
    }
}
