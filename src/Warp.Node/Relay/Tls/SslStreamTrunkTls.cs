using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Warp.Node.Relay.Native;
using Warp.Node.Security;

namespace Warp.Node.Relay.Tls;

/// <summary>Connections by the framework's SslStream, driven in memory; for hosts without OpenSSL 3.</summary>
internal sealed class SslStreamContext : ITrunkTlsContext
{
    private readonly SslStreamCertificateContext _certificate;

    internal SslStreamContext(NodeCredentials credentials)
    {
        Credentials = credentials;
        _certificate = SslStreamCertificateContext.Create(credentials.Certificate, additionalCertificates: null, offline: true);
    }

    /// <inheritdoc/>
    public NodeCredentials Credentials { get; }

    /// <inheritdoc/>
    public ITrunkTls Create(bool dialler) => new SslStreamTrunkTls(Credentials, _certificate, dialler);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

/// <summary>A TLS connection by SslStream.</summary>
internal sealed class SslStreamTrunkTls : ITrunkTls
{
    private readonly NodeCredentials _credentials;
    private readonly BufferStream _stream;
    private readonly SslStream _ssl;
    private readonly Func<Task> _authenticate;
    private readonly byte[] _plaintext = GC.AllocateUninitializedArray<byte>(2 * TlsSizes.Record);
    private Task? _handshake;
    private Task<int>? _read;
    private ReadOnlyMemory<byte> _rest;

    internal SslStreamTrunkTls(NodeCredentials credentials, SslStreamCertificateContext certificate, bool dialler)
    {
        _credentials = credentials;
        _stream = new BufferStream(Input, Output);
        _ssl = new SslStream(_stream, leaveInnerStreamOpen: true, CheckPeer);
        _authenticate = dialler ? () => _ssl.AuthenticateAsClientAsync(ClientOptions(certificate)) : () => _ssl.AuthenticateAsServerAsync(ServerOptions(certificate));
    }

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
    public bool CanUpdateKeys => false;

    /// <inheritdoc/>
    public TlsHandshake Handshake()
    {
        _handshake ??= _authenticate();
        _stream.Feed();
        if (!_handshake.IsCompleted)
        {
            return TlsHandshake.NeedsInput;
        }

        if (!_handshake.IsCompletedSuccessfully)
        {
            Failure ??= _handshake.Exception?.GetBaseException().Message ?? "the handshake was cancelled";
            return TlsHandshake.Failed;
        }

        Cipher = $"TLS 1.3 {_ssl.NegotiatedCipherSuite.ToString().Replace("TLS_", string.Empty, StringComparison.Ordinal)}";
        return Peer is null ? TlsHandshake.Failed : TlsHandshake.Done;
    }

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever breaks inside the library ends this connection and is reported as its failure.")]
    public int Decrypt(Span<byte> plaintext)
    {
        try
        {
            return DecryptCore(plaintext);
        }
        catch (Exception failure)
        {
            Failure ??= failure.Message;
            return -1;
        }
    }

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever breaks inside the library ends this connection and is reported as its failure.")]
    public bool Encrypt(ReadOnlySpan<byte> plaintext)
    {
        try
        {
            _ssl.Write(plaintext);
            return true;
        }
        catch (Exception failure)
        {
            Failure ??= failure.Message;
            return false;
        }
    }

    /// <inheritdoc/>
    public void UpdateKeys() => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
        _ssl.Dispose();
        _stream.Dispose();
        Input.Dispose();
        Output.Dispose();
    }

    // A read is kept pending in a buffer that does not move: SslStream may hold a whole record although the input is empty.
    private int DecryptCore(Span<byte> plaintext)
    {
        if (_rest.IsEmpty)
        {
            _read ??= _ssl.ReadAsync(_plaintext).AsTask();
            _stream.Feed();
            if (!_read.IsCompleted)
            {
                return 0;
            }

            var count = _read.GetAwaiter().GetResult();
            _read = null;
            if (count == 0)
            {
                Failure ??= "the peer closed the connection";
                return -1;
            }

            _rest = _plaintext.AsMemory(0, count);
        }

        var taken = Math.Min(_rest.Length, plaintext.Length);
        _rest.Span[..taken].CopyTo(plaintext);
        _rest = _rest[taken..];
        return taken;
    }

    private bool CheckPeer(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        (Peer, Failure) = TrunkPeerCheck.Check(certificate as X509Certificate2, _credentials);
        return Peer is not null;
    }

    private static SslClientAuthenticationOptions ClientOptions(SslStreamCertificateContext certificate) => new()
    {
        TargetHost = "warp",
        ClientCertificateContext = certificate,
        EnabledSslProtocols = SslProtocols.Tls13,
        CipherSuitesPolicy = Suites(),
        AllowTlsResume = false,
    };

    private static SslServerAuthenticationOptions ServerOptions(SslStreamCertificateContext certificate) => new()
    {
        ServerCertificateContext = certificate,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls13,
        CipherSuitesPolicy = Suites(),
        AllowTlsResume = false,
    };

    private static CipherSuitesPolicy Suites() =>
        new([TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256]);
}
