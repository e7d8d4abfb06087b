using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Warp.Node.Relay.Native;
using Warp.Node.Security;

namespace Warp.Node.Relay.Tls;

/// <summary>A TLS connection by OpenSSL, called directly.</summary>
internal sealed unsafe class OpenSslTrunkTls : SafeHandle, ITrunkTls
{
    // The verify callback has no state of its own; it runs inside the handshake call of the connection that set this.
    [ThreadStatic]
    private static OpenSslTrunkTls? s_handshaking;

    private readonly NodeCredentials _credentials;
    private bool _mayHoldPlaintext;

    internal OpenSslTrunkTls(nint ssl, NodeCredentials credentials, bool dialler)
        : base(nint.Zero, ownsHandle: true)
    {
        if (ssl == 0)
        {
            throw new InvalidOperationException($"SSL_new failed: {LibSsl.TakeErrorText()}");
        }

        _credentials = credentials;
        SetHandle(ssl);
        LibSsl.SetBio(ssl, OpenSslBio.Create(Input), OpenSslBio.Create(Output));
        if (dialler)
        {
            LibSsl.SetConnectState(ssl);
        }
        else
        {
            LibSsl.SetAcceptState(ssl);
        }
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    public NativeBuffer Input { get; } = new(TlsSizes.Input);

    /// <inheritdoc/>
    public NativeBuffer Output { get; } = new(TlsSizes.Output);

    /// <inheritdoc/>
    public WarpPeer? Peer { get; private set; }

    /// <inheritdoc/>
    public string? Cipher { get; private set; }

    /// <inheritdoc/>
    public string? Failure { get; private set; }

    /// <inheritdoc/>
    public bool CanUpdateKeys => true;

    /// <inheritdoc/>
    public TlsHandshake Handshake()
    {
        s_handshaking = this;
        LibSsl.ClearErrors();
        var result = LibSsl.DoHandshake(handle);
        s_handshaking = null;
        if (result == 1)
        {
            return Finished();
        }

        if (LibSsl.GetError(handle, result) is LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite)
        {
            return TlsHandshake.NeedsInput;
        }

        Failure ??= LibSsl.TakeErrorText();
        return TlsHandshake.Failed;
    }

    /// <inheritdoc/>
    public int Decrypt(Span<byte> plaintext)
    {
        // A whole record fits, so nothing decrypted is left inside unless the last call filled its target.
        if (Input.Length == 0 && !_mayHoldPlaintext)
        {
            return 0;
        }

        LibSsl.ClearErrors();
        int count;
        fixed (byte* target = plaintext)
        {
            count = LibSsl.Read(handle, target, plaintext.Length);
        }

        _mayHoldPlaintext = count == plaintext.Length;
        if (count > 0)
        {
            return count;
        }

        switch (LibSsl.GetError(handle, count))
        {
            case LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite:
                return 0;
            case LibSsl.ErrorZeroReturn:
                Failure ??= "the peer closed the connection";
                return -1;
            default:
                Failure ??= LibSsl.TakeErrorText();
                return -1;
        }
    }

    /// <inheritdoc/>
    public bool Encrypt(ReadOnlySpan<byte> plaintext)
    {
        LibSsl.ClearErrors();
        fixed (byte* source = plaintext)
        {
            if (LibSsl.Write(handle, source, plaintext.Length) == plaintext.Length)
            {
                return true;
            }
        }

        Failure ??= LibSsl.TakeErrorText();
        return false;
    }

    /// <inheritdoc/>
    public void UpdateKeys() => _ = LibSsl.KeyUpdate(handle, LibSsl.UpdateRequested);

    /// <summary>OpenSSL's question inside a handshake: is this certificate good?</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "An exception must not cross into native code; it is a refusal.")]
    internal static int Verify(nint storeContext, nint argument)
    {
        var connection = s_handshaking;
        if (connection is null)
        {
            return 0;
        }

        try
        {
            (connection.Peer, connection.Failure) = TrunkPeerCheck.Check(ToDer(LibSsl.CertificateToVerify(storeContext)), connection._credentials);
        }
        catch (Exception failure)
        {
            (connection.Peer, connection.Failure) = (null, failure.Message);
        }

        // What the framework's check left in this thread's error queue would be taken for an error of the handshake.
        LibSsl.ClearErrors();
        return connection.Peer is null ? 0 : 1;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibSsl.Free(handle);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Input.Dispose();
            Output.Dispose();
        }
    }

    private static byte[] ToDer(nint certificate)
    {
        var length = certificate == 0 ? 0 : LibSsl.CertificateToDer(certificate, null);
        if (length <= 0)
        {
            return [];
        }

        var der = new byte[length];
        fixed (byte* pointer = der)
        {
            // The function moves the pointer it is given.
            var target = pointer;
            _ = LibSsl.CertificateToDer(certificate, &target);
        }

        return der;
    }

    private TlsHandshake Finished()
    {
        if (Peer is null)
        {
            Failure ??= "the peer showed no certificate";
            return TlsHandshake.Failed;
        }

        var name = Marshal.PtrToStringUTF8(LibSsl.CipherName(LibSsl.CurrentCipher(handle)));
        Cipher = $"TLS 1.3 {name?.Replace("TLS_", string.Empty, StringComparison.Ordinal)}";
        return TlsHandshake.Done;
    }
}
