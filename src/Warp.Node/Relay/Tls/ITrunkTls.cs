using Warp.Node.Relay.Native;
using Warp.Node.Security;

namespace Warp.Node.Relay.Tls;

/// <summary>How a handshake stands.</summary>
internal enum TlsHandshake
{
    /// <summary>Waits for bytes of the peer.</summary>
    NeedsInput,

    /// <summary>Both ends are proven as far as this end can know; <see cref="ITrunkTls.Peer"/> is set.</summary>
    Done,

    /// <summary>Refused or broken; <see cref="ITrunkTls.Failure"/> says why. The output may hold an alert for the peer.</summary>
    Failed,
}

/// <summary>
/// One TLS 1.3 connection without a socket: ciphertext in and out through buffers, plaintext through calls. Used by one thread at a time.
/// The peer's certificate is checked by <see cref="PeerIdentity"/> inside the handshake, whichever library is behind it.
/// </summary>
internal interface ITrunkTls : IDisposable
{
    /// <summary>Ciphertext from the socket goes here.</summary>
    NativeBuffer Input { get; }

    /// <summary>Ciphertext for the socket is found here.</summary>
    NativeBuffer Output { get; }

    /// <summary>Who the peer is proven to be; null before the handshake is done.</summary>
    WarpPeer? Peer { get; }

    /// <summary>Protocol and suite, such as "TLS 1.3 AES_128_GCM_SHA256"; null before the handshake is done.</summary>
    string? Cipher { get; }

    /// <summary>Why it failed, for the log; null when it did not.</summary>
    string? Failure { get; }

    /// <summary>Whether a connection can be given new keys (RFC 8446, 4.6.3); when not, it must be retired before the AEAD's limit.</summary>
    bool CanUpdateKeys { get; }

    /// <summary>Takes the handshake as far as the input goes.</summary>
    TlsHandshake Handshake();

    /// <summary>Decrypts what fits into <paramref name="plaintext"/>, which has room for a whole record (16 KiB) at least.</summary>
    /// <returns>How many bytes; 0 when more ciphertext is needed; -1 when the peer has ended the connection or it is broken.</returns>
    int Decrypt(Span<byte> plaintext);

    /// <summary>Encrypts all of <paramref name="plaintext"/> into <see cref="Output"/>, which is empty or has the room.</summary>
    /// <returns>False when the connection is broken.</returns>
    bool Encrypt(ReadOnlySpan<byte> plaintext);

    /// <summary>Takes new keys for sending with the next record, and asks the peer to do the same.</summary>
    void UpdateKeys();
}

/// <summary>A proven peer.</summary>
/// <param name="Runner">The runner that its certificate names.</param>
/// <param name="Enrolment">Under which number the CA took it in.</param>
internal sealed record WarpPeer(Warp.Cluster.Identity.RunnerId Runner, long Enrolment);

/// <summary>Makes connections of one TLS library with one set of credentials.</summary>
internal interface ITrunkTlsContext : IDisposable
{
    /// <summary>The credentials that its connections use.</summary>
    NodeCredentials Credentials { get; }

    /// <summary>Makes one end of a connection.</summary>
    /// <param name="dialler">Whether this end dialled (is the TLS client).</param>
    ITrunkTls Create(bool dialler);
}
