namespace Warp.Node.Names;

/// <summary>Types of records that the name server knows (RFC 1035, 3.2.2 and 3.2.3; RFC 6891).</summary>
internal enum DnsType : ushort
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>Who answers for a zone, and how long "there is none" may be kept.</summary>
    Soa = 6,

    /// <summary>The name of an address.</summary>
    Ptr = 12,

    /// <summary>The extension of the header.</summary>
    Opt = 41,

    /// <summary>Whatever there is.</summary>
    Any = 255,
}

/// <summary>The outcomes that an answer's header can give (RFC 1035, 4.1.1).</summary>
internal enum DnsOutcome : byte
{
    /// <summary>The name is known; whether it has a record of the type is another matter.</summary>
    Done = 0,

    /// <summary>It cannot be said now.</summary>
    ServerFailure = 2,

    /// <summary>There is no such name.</summary>
    NoSuchName = 3,

    /// <summary>The server does not do this.</summary>
    NotImplemented = 4,

    /// <summary>It will not be said.</summary>
    Refused = 5,
}
