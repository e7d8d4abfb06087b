using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Frames;

/// <summary>Why a stream was ended by a RESET frame; the numbers are the wire's.</summary>
internal enum ResetReason : byte
{
    /// <summary>The application at the sender's end reset its connection.</summary>
    ByApplication = 1,

    /// <summary>The target refused the connection.</summary>
    Refused = 2,

    /// <summary>The target cannot be reached.</summary>
    Unreachable = 3,

    /// <summary>The target did not answer in time.</summary>
    TimedOut = 4,

    /// <summary>The exit does not allow the stream; the detail is a <see cref="Routing.RouteRefusal"/>.</summary>
    Denied = 5,

    /// <summary>The stream was allowed but no longer is: caller or target is gone or has been replaced.</summary>
    Revoked = 6,

    /// <summary>A limit of the sender is reached: streams, memory, descriptors.</summary>
    Overloaded = 7,

    /// <summary>A fault inside the sender.</summary>
    Internal = 8,
}

/// <summary>What a failed dial means to the other end.</summary>
internal static class ResetReasons
{
    internal static ResetReason From(SocketFault fault) => fault switch
    {
        SocketFault.Refused => ResetReason.Refused,
        SocketFault.Unreachable => ResetReason.Unreachable,
        SocketFault.TimedOut => ResetReason.TimedOut,
        SocketFault.Reset => ResetReason.ByApplication,
        SocketFault.Exhausted or SocketFault.AddressInUse => ResetReason.Overloaded,
        _ => ResetReason.Internal,
    };
}
