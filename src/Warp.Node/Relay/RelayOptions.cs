using System.Net;
using Warp.Cluster.Identity;

namespace Warp.Node.Relay;

/// <summary>Which library encrypts the trunks.</summary>
public enum TlsLibrary
{
    /// <summary>OpenSSL 3 called directly when it is installed, else the framework's SslStream.</summary>
    Automatic,

    /// <summary>The framework's SslStream.</summary>
    Framework,
}

/// <summary>Every knob of the relay engine; the defaults suit a runner.</summary>
public sealed record RelayOptions
{
    private const int LargestFrame = 64 * 1024;

    /// <summary>Threads that carry traffic, from 1; 0 takes the number of cores, but not more than two.</summary>
    public int Loops { get; init; }

    /// <summary>Where redirected connections of containers arrive; null when this process intercepts nothing. The nftables rules must name the same port.</summary>
    public IPEndPoint? InterceptEndpoint { get; init; } = new(IPAddress.Any, 15001);

    /// <summary>Where peers dial; null when this process takes no trunks.</summary>
    public IPEndPoint? TunnelEndpoint { get; init; } = new(IPAddress.Any, 4054);

    /// <summary>Listeners whose connections count as if a given container had dialled a given address; empty on a runner.</summary>
    public IReadOnlyList<StaticEntry> StaticEntries { get; init; } = [];

    /// <summary>Which library encrypts.</summary>
    public TlsLibrary TlsLibrary { get; init; }

    /// <summary>Whether the exit dials containers from the caller's IST address; the address range must be a local route.</summary>
    public bool BindCaller { get; init; } = true;

    /// <summary>Trunks kept open to each peer that has been dialled, 1 to 16.</summary>
    public int TrunksPerPeer { get; init; } = 2;

    /// <summary>How long an intercepted connection waits for its route and for a trunk to its peer, when its service does not want a longer wait.</summary>
    public TimeSpan TrunkWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The least time between two dials to the same peer that traffic asks for.</summary>
    public TimeSpan DialInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long connect, TLS handshake and preface of a trunk may take together.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a dial may go unanswered before another one is begun beside it; each further one waits twice as long.</summary>
    public TimeSpan DialPatience { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Handshakes under way at once, both directions; the oldest of the address that has the most gives way to a new one.</summary>
    public int MaxHandshakes { get; init; } = 64;

    /// <summary>How long the streams of a node that is told to stop may go on.</summary>
    public TimeSpan DrainDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long callers wait for a node that has said that it stops, after its streams had their time: the time of an upgrade.</summary>
    public TimeSpan RestartWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the exit waits for the target container to accept.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the exit holds a stream whose route may be about to come (an update under way, a container that is starting).</summary>
    public TimeSpan RouteWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between two health probes on a trunk.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A trunk that brings nothing for this long is dead; also the limit for unacknowledged data (TCP_USER_TIMEOUT).</summary>
    public TimeSpan TrunkTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Payload bytes that a peer may send on a new stream before credit is returned.</summary>
    public int InitialWindow { get; init; } = 64 * 1024;

    /// <summary>To what a stream's window may grow when bandwidth and delay ask for it, in bytes.</summary>
    public int MaxWindow { get; init; } = 16 * 1024 * 1024;

    /// <summary>By how much all windows together may be larger than their initial size, in bytes.</summary>
    public long WindowBudget { get; init; } = 256L * 1024 * 1024;

    /// <summary>Payload that may wait in this process for slow readers, in bytes. A peer may hold as much as is left free, half of it when it is the only one; a stream that needs more is reset.</summary>
    public long MaxBuffered { get; init; } = 512L * 1024 * 1024;

    /// <summary>The largest payload of a DATA frame, in bytes: 1 KiB to 64 KiB.</summary>
    public int MaxFrame { get; init; } = LargestFrame;

    /// <summary>Streams that a peer may have open on one trunk.</summary>
    public int MaxStreamsPerTrunk { get; init; } = 65_536;

    /// <summary>Accepted connections of containers, at most; half of the files that the process may have. One container may have as many as are still free.</summary>
    public int MaxConnections { get; init; } = Native.OpenFiles.Limit() / 2;

    /// <summary>Connections without an answer yet: held at the entry per loop, where one container may have as many as are still free, or held at the exit per trunk.</summary>
    public int MaxHeld { get; init; } = 4096;

    /// <summary>Pairs of services, with their port, whose traffic is counted by name; what comes beyond counts together.</summary>
    public int MaxEdges { get; init; } = 1000;

    /// <summary>How long such a pair is remembered after its last connection.</summary>
    public TimeSpan ForgetEdgeAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>TLS records after which a trunk takes new keys or is retired; AES-GCM is safe for about 2^24 of them (RFC 8446, 5.5).</summary>
    public long RecordsPerKey { get; init; } = 1L << 22;

    /// <summary>How many threads <see cref="Loops"/> means.</summary>
    internal int LoopCount => Loops > 0 ? Loops : Math.Min(Environment.ProcessorCount, 2);

    /// <summary>What is out of its range, for a person; null when all is well.</summary>
    internal string? Problem() =>
        Loops < 0 ? "loops is negative"
        : TrunksPerPeer is < 1 or > 16 ? $"{TrunksPerPeer} trunks per peer: use 1 to 16"
        : MaxFrame is < Frames.Preface.LeastMaxData or > LargestFrame ? $"a largest frame of {MaxFrame} bytes: use {Frames.Preface.LeastMaxData} to {LargestFrame}"
        : InitialWindow < Frames.Preface.LeastMaxData ? $"an initial window of {InitialWindow} bytes: use at least {Frames.Preface.LeastMaxData}"
        : MaxEdges < 1 ? "no edges: use at least 1"
        : MaxHandshakes < 1 ? "no handshakes at once: use at least 1"
        : null;
}

/// <summary>A listener that stands in for interception: for the bench and for tests.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="Caller">The container that its connections count as.</param>
/// <param name="Destination">The IST address that they count as dialled.</param>
/// <param name="Port">The port that they count as dialled.</param>
public sealed record StaticEntry(IPEndPoint Listen, Ipv4Address Caller, Ipv4Address Destination, int Port);
