using Microsoft.Extensions.Logging;
using Warp.Node.Routing;

namespace Warp.Node.Relay;

/// <summary>What the relay says in the log.</summary>
internal static partial class RelayLog
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Tunnel to {Peer}: trunk open with {Remote} ({Cipher}), {Open} open")]
    internal static partial void TrunkOpen(ILogger log, object peer, string remote, string? cipher, int open);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "Tunnel to {Peer}: trunk closed with {Streams} streams: {Reason}; {Open} open")]
    internal static partial void TrunkClosed(ILogger log, object peer, int streams, string reason, int open);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "Refused a tunnel connection from {Remote}: {Reason} ({Unlogged} more like this were not logged)")]
    internal static partial void HandshakeRefused(ILogger log, string remote, string reason, long unlogged);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Warning, Message = "Refused a connection of {Caller} to {Target}: {Reason} ({Unlogged} more like this were not logged)")]
    internal static partial void EntryRefused(ILogger log, object caller, object target, RouteRefusal reason, long unlogged);

    [LoggerMessage(EventId = 4005, Level = LogLevel.Warning, Message = "Denied {Peer} the stream {Request}: {Reason} ({Unlogged} more like this were not logged)")]
    internal static partial void ExitDenied(ILogger log, object peer, object request, RouteRefusal reason, long unlogged);

    [LoggerMessage(EventId = 4006, Level = LogLevel.Error, Message = "A fault in {Loop}; what it happened in is given up, the rest goes on")]
    internal static partial void LoopFault(ILogger log, string loop, Exception fault);

    [LoggerMessage(EventId = 4007, Level = LogLevel.Warning, Message = "{Library} is not installed: tunnels are encrypted by the framework's SslStream, which costs about a fifth of their throughput. Install OpenSSL 3 (Debian: libssl3) for the rest")]
    internal static partial void OpenSslMissing(ILogger log, string library);

    [LoggerMessage(EventId = 4008, Level = LogLevel.Debug, Message = "Tunnel to {Peer}: dial failed: {Problem}")]
    internal static partial void DialFailed(ILogger log, object peer, string problem);

    [LoggerMessage(EventId = 4009, Level = LogLevel.Information, Message = "Tunnel to {Peer}: a trunk takes no new streams: {Reason}")]
    internal static partial void TrunkRetired(ILogger log, object peer, string reason);

    [LoggerMessage(EventId = 4011, Level = LogLevel.Warning, Message = "Could not dial {Target} for {Path}: {Problem} ({Unlogged} more like this were not logged)")]
    internal static partial void TargetNotDialled(ILogger log, object path, string target, string problem, long unlogged);

    [LoggerMessage(EventId = 4010, Level = LogLevel.Debug, Message = "Ended a stream of {Path}: {Reason}")]
    internal static partial void StreamEnded(ILogger log, object path, string reason);
}
