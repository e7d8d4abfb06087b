namespace Warp.TestPeer;

/// <summary>The other end behaved otherwise than it should.</summary>
public sealed class PeerException : Exception
{
    /// <summary>With no detail.</summary>
    public PeerException()
    {
    }

    /// <summary>With what was seen.</summary>
    public PeerException(string message)
        : base(message)
    {
    }

    /// <summary>With what was seen and the exception behind it.</summary>
    public PeerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
