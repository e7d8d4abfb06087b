using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Warp.Node.Configuration;

namespace Warp.Node.Cli;

/// <summary>The way to one node: over its Unix socket, or with mutual TLS. Requests go out as they are; failures come back as they are.</summary>
internal sealed class NodeConnection : IDisposable
{
    // A node that passes a body on asks the other one first.
    private static readonly TimeSpan RefusalPatience = TimeSpan.FromSeconds(30);

    private readonly SocketsHttpHandler _handler;

    private NodeConnection(SocketsHttpHandler handler, Uri address, string place)
    {
        _handler = handler;
        Address = address;
        Place = place;
        Http = new HttpClient(handler, disposeHandler: false) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends requests with paths relative to the node's root.</summary>
    public HttpClient Http { get; }

    /// <summary>The node's root.</summary>
    public Uri Address { get; }

    /// <summary>What to tell a person when nobody answers.</summary>
    public string Place { get; }

    /// <summary>The node on this machine, through its Unix socket.</summary>
    public static NodeConnection Local(string socket) => new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            Expect100ContinueTimeout = RefusalPatience,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        },
        new Uri("http://localhost/"),
        $"No node answers at {socket}. Start it with 'warp run', name its data folder with --data, or a node elsewhere with --node.");

    /// <summary>A node elsewhere, with mutual TLS.</summary>
    /// <exception cref="OperatorException">A file cannot be read.</exception>
    public static NodeConnection Remote(Uri url, string certificateFile, string keyFile, string authorityFile)
    {
        var (certificate, authorities) = Load(certificateFile, keyFile, authorityFile);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            Expect100ContinueTimeout = RefusalPatience,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        return new NodeConnection(handler, url, $"No node answers at {url.Authority}. Is it running, and is that its management address ('warp runners' lists them)?");
    }

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Authorities) Load(string certificateFile, string keyFile, string authorityFile)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(authorityFile);
            return (X509Certificate2.CreateFromPemFile(certificateFile, keyFile), authorities);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new OperatorException(
                ExitCode.Usage, $"The client certificate cannot be read: {failure.Message} Name its files with --cert, --key and --ca; 'warp init' wrote them as admin.crt, admin.key and ca.crt.", failure);
        }
    }
}
