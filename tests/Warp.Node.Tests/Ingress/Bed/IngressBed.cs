using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Ingress;
using Warp.Node.Ingress.Certificates;
using Warp.Node.Security;

namespace Warp.Node.Tests.Ingress.Bed;

/// <summary>An ingress with real listeners on loopback, in front of a real HTTP server that it reaches by a dialer of plain TCP.</summary>
internal sealed class IngressBed : IAsyncDisposable
{
    public const string Domain = "apps.test";
    public static readonly RunnerId Here = RunnerId.Parse("r1");
    public static readonly RunnerId There = RunnerId.Parse("r2");

    private readonly IngressServer _server;

    private IngressBed(IngressOptions options, ICertificateIssuer? issuer)
    {
        var domains = new BaseDomains(Domain, ImmutableSortedDictionary<string, string>.Empty.Add("eu", "eu.test"));
        Urls = new PublicUrls(domains, 443);
        Routes = new PublicRouteTable(Urls, Dialer);
        Issuer = issuer ?? new NoAuthority();
        Certificates = new CertificateKeeper(
            new CertificateFolders(Folder["own"], Folder["issued"]),
            domains,
            Routes,
            Issuer,
            new CertificateKeeperTimes(TimeProvider.System) { SettleFor = TimeSpan.FromMilliseconds(20), RetryEvery = TimeSpan.FromMilliseconds(100) },
            NullLogger.Instance);
        _server = new IngressServer(options, Urls, Routes, Certificates, NullLoggerFactory.Instance);
    }

    public TemporaryFolder Folder { get; } = new();

    public TcpDialer Dialer { get; } = new();

    public PublicUrls Urls { get; }

    public PublicRouteTable Routes { get; }

    public CertificateKeeper Certificates { get; }

    public ICertificateIssuer Issuer { get; }

    public IngressServer Server => _server;

    public int HttpsPort => _server.HttpsPort!.Value;

    public int HttpPort => _server.HttpPort!.Value;

    public static async Task<IngressBed> StartAsync(ICertificateIssuer? issuer = null, IngressOptions? options = null)
    {
        var bed = new IngressBed(options ?? new IngressOptions(IPAddress.Loopback, 0, 0), issuer);
        await bed.Server.StartAsync();
        return bed;
    }

    /// <summary>The deployment "shop" has the public service "app" and nothing else.</summary>
    public void ServeShop(params PublicPlacement[] placements) => _server.Publish([Shop(1, App(placements))]);

    public static PublicRoutes Shop(long version, params PublicService[] services) => Deployment("shop", version, services);

    public static PublicRoutes Deployment(string name, long version, params PublicService[] services) => new(DeploymentName.Parse(name), version, [.. services]);

    public static PublicService App(params PublicPlacement[] placements) => Service("app", 8080, placements);

    public static PublicService Service(string name, int port = 8080, params PublicPlacement[] placements) =>
        new(ServiceName.Parse(name), port, null, [], 10, placements is [] ? [On(Here)] : [.. placements]);

    public static PublicPlacement On(RunnerId runner, long generation = 1) => new(0, generation, runner);

    /// <summary>A client that looks every host up at the ingress.</summary>
    /// <param name="version">Exactly this version of HTTP.</param>
    /// <param name="seen">Told the server's certificate at each handshake.</param>
    public HttpClient Client(Version? version = null, Action<X509Certificate2>? seen = null) => new(Handler(seen))
    {
        DefaultRequestVersion = version ?? HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(60),
    };

    public SocketsHttpHandler Handler(Action<X509Certificate2>? seen = null) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = (context, cancellationToken) => new ValueTask<Stream>(TcpDialer.ConnectAsync(context.DnsEndPoint.Port == 80 ? HttpPort : HttpsPort, cancellationToken)),
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                seen?.Invoke((X509Certificate2)certificate!);
                return certificate is not null;
            },
        },
    };

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Folder.Dispose();
    }

    private sealed class NoAuthority : ICertificateIssuer
    {
        public Task<IssuanceResult> IssueAsync(string requestPem, CancellationToken cancellationToken) => Task.FromResult(IssuanceResult.Refused("there is no CA in this test"));
    }
}
