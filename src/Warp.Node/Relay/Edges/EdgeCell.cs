using System.Collections.Immutable;

namespace Warp.Node.Relay.Edges;

/// <summary>
/// The counters of one edge on one loop. Almost only that loop writes them, so an addition meets no other processor; a connection that is handed over, and the ingress, may write from elsewhere.
/// </summary>
internal sealed class EdgeCell
{
    private readonly long[] _connects = new long[ConnectTimes.Buckets];
    private readonly long[] _failures = new long[Enum.GetValues<EdgeFailure>().Length];
    private long _open;
    private long _waited;
    private long _sent;
    private long _received;
    private long _lastUsed = Environment.TickCount64;

    /// <summary>When something was counted last, beside bytes; in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Connections open now.</summary>
    internal long Open => Volatile.Read(ref _open);

    /// <summary>The target has taken a connection; <see cref="Over"/> follows.</summary>
    /// <param name="waited">How long the caller waited for it, in microseconds.</param>
    internal void Connected(long waited)
    {
        Interlocked.Increment(ref _connects[ConnectTimes.BucketOf(waited)]);
        Interlocked.Add(ref _waited, waited);
        Interlocked.Increment(ref _open);
        Touch();
    }

    /// <summary>A connection that was open is over.</summary>
    internal void Over()
    {
        Interlocked.Decrement(ref _open);
        Touch();
    }

    /// <summary>A connection failed; nothing when neither the relay nor the way was to blame.</summary>
    internal void Failed(EdgeFailure? failure)
    {
        if (failure is { } known)
        {
            Interlocked.Increment(ref _failures[(int)known]);
            Touch();
        }
    }

    internal void AddSent(int bytes) => Interlocked.Add(ref _sent, bytes);

    internal void AddReceived(int bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>Somebody is about to count here.</summary>
    internal void Touch() => Volatile.Write(ref _lastUsed, Environment.TickCount64);

    /// <summary>The numbers, added to those of other loops.</summary>
    internal EdgeCounts AddTo(EdgeCounts others) => new(
        others.Open + Open,
        [.. others.Connects.Select((count, i) => count + Volatile.Read(ref _connects[i]))],
        others.ConnectMicroseconds + Volatile.Read(ref _waited),
        others.BytesSent + Volatile.Read(ref _sent),
        others.BytesReceived + Volatile.Read(ref _received),
        [.. others.Failures.Select((count, i) => count + Volatile.Read(ref _failures[i]))]);
}

/// <summary>The counters of an edge since it was seen first.</summary>
/// <param name="Open">Connections open now.</param>
/// <param name="Connects">Connections that the target took, by <see cref="ConnectTimes"/>.</param>
/// <param name="ConnectMicroseconds">How long their callers waited, in sum.</param>
/// <param name="BytesSent">Payload bytes of callers.</param>
/// <param name="BytesReceived">Payload bytes to callers.</param>
/// <param name="Failures">Connections that failed, by <see cref="EdgeFailure"/>.</param>
public sealed record EdgeCounts(
    long Open, ImmutableArray<long> Connects, long ConnectMicroseconds, long BytesSent, long BytesReceived, ImmutableArray<long> Failures)
{
    /// <summary>Nothing was counted.</summary>
    public static EdgeCounts None { get; } = new(0, [.. new long[ConnectTimes.Buckets]], 0, 0, 0, [.. new long[Enum.GetValues<EdgeFailure>().Length]]);

    /// <summary>Connections that the target took.</summary>
    public long Connected => Connects.Sum();
}

/// <summary>The times by which connects are told apart: few, because each is a line for each edge.</summary>
public static class ConnectTimes
{
    /// <summary>The limits, in microseconds: what is on the same wire, what crosses a continent, what waited for a restart, and what is about to fail.</summary>
    public static ImmutableArray<long> Limits { get; } = [5_000, 50_000, 500_000, 5_000_000];

    /// <summary>One for each limit, and one above the last.</summary>
    internal static int Buckets => Limits.Length + 1;

    internal static int BucketOf(long microseconds)
    {
        var bucket = 0;
        while (bucket < Limits.Length && microseconds > Limits[bucket])
        {
            bucket++;
        }

        return bucket;
    }
}
