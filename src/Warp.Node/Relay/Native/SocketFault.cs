namespace Warp.Node.Relay.Native;

/// <summary>What an errno of a socket call means to the relay (man 3 errno, the numbers of Linux).</summary>
internal enum SocketFault
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>Nothing to do now; the event set will tell.</summary>
    WouldBlock,

    /// <summary>A connect goes on.</summary>
    InProgress,

    /// <summary>The other end answers the SYN with a reset.</summary>
    Refused,

    /// <summary>No route, or the host or network does not answer.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The connection was reset or its other end is gone.</summary>
    Reset,

    /// <summary>Too many open files, or no memory or ports.</summary>
    Exhausted,

    /// <summary>Something else listens there.</summary>
    AddressInUse,

    /// <summary>The address is not one of this host.</summary>
    AddressNotAvailable,

    /// <summary>Not permitted to this user.</summary>
    Denied,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>Turns errno into <see cref="SocketFault"/>.</summary>
internal static class SocketFaults
{
    internal const int Interrupted = 4;

    internal static SocketFault From(int errno) => errno switch
    {
        0 => SocketFault.None,
        11 => SocketFault.WouldBlock,
        114 or 115 => SocketFault.InProgress,
        111 => SocketFault.Refused,
        100 or 101 or 112 or 113 => SocketFault.Unreachable,
        110 => SocketFault.TimedOut,
        32 or 103 or 104 or 107 => SocketFault.Reset,
        12 or 23 or 24 or 105 => SocketFault.Exhausted,
        98 => SocketFault.AddressInUse,
        99 => SocketFault.AddressNotAvailable,
        1 or 13 => SocketFault.Denied,
        _ => SocketFault.Other,
    };

    /// <summary>For a person, without the address.</summary>
    internal static string Describe(this SocketFault fault) => fault switch
    {
        SocketFault.Refused => "connection refused",
        SocketFault.Unreachable => "host or network unreachable",
        SocketFault.TimedOut => "timed out",
        SocketFault.Reset => "connection reset",
        SocketFault.Exhausted => "out of file descriptors, memory or ports",
        SocketFault.AddressInUse => "the address is in use by another program",
        SocketFault.AddressNotAvailable => "the address is not one of this host",
        SocketFault.Denied => "permission denied",
        _ => "the system refused",
    };
}
