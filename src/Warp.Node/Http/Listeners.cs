using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Warp.Node.Http.Access;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>The two listeners and what bounds a client of either.</summary>
internal static class Listeners
{
    private const int MaxConnections = 1000;
    private static readonly object LocalUserKey = new();

    public static void Configure(KestrelServerOptions kestrel, ManagementOptions options, ICredentialSource credentials)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = ManagementOptions.MaxDiscardedBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 100;

        kestrel.Listen(options.BindAddress, options.Port, listener =>
        {
            listener.Protocols = HttpProtocols.Http1AndHttp2;
            listener.Use(new AddressShares(MaxConnections).Bound);
            listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(ServerTls(credentials.Current)), HandshakeTimeout = TimeSpan.FromSeconds(10) });
        });
        kestrel.ListenUnixSocket(options.SocketPath, listener =>
        {
            listener.Protocols = HttpProtocols.Http1;
            listener.Use(next => connection =>
            {
                connection.Items[LocalUserKey] = PeerCredentials.UserOf(connection.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket);
                return next(connection);
            });
        });
    }

    /// <summary>The user at the other end of the Unix socket, whose file only the node's own user can open; null when the request came another way.</summary>
    public static uint? LocalUser(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(LocalUserKey, out var user) ?? false ? user as uint? : null;

    [SuppressMessage(
        "Security",
        "CA5359:Do not disable certificate validation",
        Justification = "A certificate is asked for and any is taken: probes come without one, and a wrong one gets an answer that names what is wrong. CallerMiddleware checks it, and AccessMiddleware refuses it before anything is done.")]
    private static SslServerAuthenticationOptions ServerTls(NodeCredentials credentials) => new()
    {
        ServerCertificate = credentials.Certificate,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
    };
}
