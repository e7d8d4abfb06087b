using Microsoft.Extensions.Logging;
using Warp.Node.Security;

namespace Warp.Node.Relay.Tls;

/// <summary>Chooses the TLS library and keeps one context per set of credentials; a renewal is seen at the next handshake.</summary>
internal sealed class TrunkTlsFactory
{
    private readonly ICredentialSource _credentials;
    private readonly Lock _gate = new();
    private ITrunkTlsContext? _current;

    internal TrunkTlsFactory(ICredentialSource credentials, TlsLibrary wanted, ILogger log)
        : this(credentials, wanted, LibSsl.IsAvailable, log)
    {
    }

    internal TrunkTlsFactory(ICredentialSource credentials, TlsLibrary wanted, bool hasOpenSsl, ILogger log)
    {
        _credentials = credentials;
        UsesOpenSsl = wanted != TlsLibrary.Framework && hasOpenSsl;
        if (wanted != TlsLibrary.Framework && !UsesOpenSsl)
        {
            RelayLog.OpenSslMissing(log, LibSsl.Ssl);
        }
    }

    /// <summary>Whether OpenSSL is called directly.</summary>
    internal bool UsesOpenSsl { get; }

    /// <summary>The credentials in force.</summary>
    internal NodeCredentials Credentials => _credentials.Current;

    /// <summary>Makes one end of a connection with the credentials in force.</summary>
    internal (ITrunkTls Tls, NodeCredentials Credentials) Create(bool dialler)
    {
        lock (_gate)
        {
            var credentials = _credentials.Current;
            if (!ReferenceEquals(_current?.Credentials, credentials))
            {
                var next = UsesOpenSsl ? (ITrunkTlsContext)new OpenSslContext(credentials) : new SslStreamContext(credentials);
                _current?.Dispose();
                _current = next;
            }

            return (_current.Create(dialler), credentials);
        }
    }
}
