using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Warp.Node.Security;

namespace Warp.Node.Relay.Tls;

/// <summary>An SSL_CTX for one set of credentials: TLS 1.3 only, both ends show certificates, no resumption.</summary>
internal sealed unsafe class OpenSslContext : SafeHandle, ITrunkTlsContext
{
    private const string Suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

    internal OpenSslContext(NodeCredentials credentials)
        : base(nint.Zero, ownsHandle: true)
    {
        Credentials = credentials;
        SetHandle(LibSsl.ContextNew(LibSsl.TlsMethod()));
        Require(handle != 0);
        Require(LibSsl.ContextControl(handle, LibSsl.ControlSetMinimumVersion, LibSsl.Tls13, 0) == 1);
        Require(LibSsl.ContextSetCipherSuites(handle, Suites) == 1);
        Require(LibSsl.ContextSetTickets(handle, 0) == 1);
        _ = LibSsl.ContextSetOptions(handle, LibSsl.OptionServerPreference);
        UseCertificate(credentials.CertificatePem);
        UseKey(credentials.KeyPem);
        Require(LibSsl.ContextCheckPrivateKey(handle) == 1);

        // The framework's chain check decides, not OpenSSL's: one check for every library.
        LibSsl.ContextSetVerify(handle, LibSsl.VerifyPeerAndFailIfNone, 0);
        LibSsl.ContextSetVerifyCallback(handle, &OpenSslTrunkTls.Verify, 0);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    public NodeCredentials Credentials { get; }

    /// <inheritdoc/>
    public ITrunkTls Create(bool dialler) => new OpenSslTrunkTls(LibSsl.New(DangerousGetHandle()), Credentials, dialler);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibSsl.ContextFree(handle);
        return true;
    }

    private void UseCertificate(string pem)
    {
        var certificate = ReadPem(pem, &ReadCertificate);
        Require(certificate != 0);
        var used = LibSsl.ContextUseCertificate(handle, certificate);
        LibSsl.CertificateFree(certificate);
        Require(used == 1);
    }

    private void UseKey(string pem)
    {
        var key = ReadPem(pem, &ReadKey);
        Require(key != 0);
        var used = LibSsl.ContextUsePrivateKey(handle, key);
        LibSsl.KeyFree(key);
        Require(used == 1);
    }

    private static nint ReadCertificate(nint bio) => LibSsl.ReadCertificate(bio, 0, 0, 0);

    private static nint ReadKey(nint bio) => LibSsl.ReadPrivateKey(bio, 0, 0, 0);

    private static nint ReadPem(string pem, delegate*<nint, nint> read)
    {
        var bytes = Encoding.ASCII.GetBytes(pem);
        fixed (byte* pointer = bytes)
        {
            var bio = LibSsl.BioOver(pointer, bytes.Length);
            var result = read(bio);
            _ = LibSsl.BioFree(bio);
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
            return result;
        }
    }

    private static void Require(bool success, [CallerArgumentExpression(nameof(success))] string? what = null)
    {
        if (!success)
        {
            throw new InvalidOperationException($"OpenSSL refused the credentials ({what}): {LibSsl.TakeErrorText()}");
        }
    }
}
