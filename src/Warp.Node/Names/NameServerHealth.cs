using System.Net;

namespace Warp.Node.Names;

/// <summary>A name server of the host, and whether it answered when it was asked last.</summary>
/// <param name="endpoint">Where it listens.</param>
internal sealed class NameServerHealth(IPEndPoint endpoint)
{
    private const int SuspectFor = 10_000;
    private long _suspectUntil = long.MinValue;

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint => endpoint;

    /// <summary>Whether it failed lately, so that others are asked before it.</summary>
    public bool IsSuspect => Environment.TickCount64 < Volatile.Read(ref _suspectUntil);

    /// <summary>It gave an answer.</summary>
    public void Answered() => Volatile.Write(ref _suspectUntil, long.MinValue);

    /// <summary>It gave none.</summary>
    public void Failed() => Volatile.Write(ref _suspectUntil, Environment.TickCount64 + SuspectFor);
}
