using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;
using Warp.Node.Http;
using Warp.Node.Images;
using Warp.Node.Security;

namespace Warp.Node.Tests.Http;

/// <summary>A real management server on loopback and on a Unix socket, with real certificates; the actors behind it are functions of the test.</summary>
internal sealed class ManagementBed : IAsyncDisposable, IClusterAccess, ICredentialSource
{
    public const string Cluster = "lab";
    private readonly ClusterAuthority _authority;
    private readonly bool _ownsAuthority;
    private readonly ActorSystem _system;
    private ManagementServer? _server;

    /// <param name="runner">Whose management API this is.</param>
    /// <param name="system">An actor system to use; null makes a local one.</param>
    /// <param name="authority">The cluster's CA, to make several beds of one cluster; null makes one.</param>
    public ManagementBed(string runner = "alpha", ActorSystem? system = null, ClusterAuthority? authority = null)
    {
        _ownsAuthority = authority is null;
        _authority = authority ?? ClusterAuthority.Create(Cluster, TimeProvider.System);
        _system = system ?? ActorSystem.Create("bed", "akka.loglevel = OFF, akka.stdout-loglevel = OFF");
        Current = RunnerCredentials(runner, _authority);
        var actors = _system.ActorOf(Props.Create(() => new AnsweringActor(message => Answer(message))));
        Connection = new ClusterConnection(_system, actors, actors, actors, actors, actors);
    }

    /// <summary>What the actors say; null leaves the question without an answer.</summary>
    public Func<object, object?> Answer { get; set; } = _ => null;

    public ScriptedLogs Logs { get; } = new();

    public ScriptedVolumes Volumes { get; } = new();

    public ScriptedPaths Paths { get; } = new();

    public ScriptedDenials Denials { get; } = new();

    public ScriptedMetrics Metrics { get; } = new();

    public ScriptedFlows Flows { get; } = new();

    /// <summary>What runs programs; null: a test that asks has gone wrong.</summary>
    public IContainerExec? Exec { get; set; }

    /// <summary>The routes of Akka Management.</summary>
    public AkkaManagementSettings Akka { get; set; } = new();

    /// <summary>How much one caller may ask.</summary>
    public RateLimitSettings RateLimit { get; set; } = RateLimitSettings.Default;

    /// <summary>The largest build context that is taken.</summary>
    public long MaxContextBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>What the node does with images; null: it runs no containers.</summary>
    public NodeImages? Images { get; set; }

    /// <summary>Signs for ingresses; null: the node has none.</summary>
    public ICertificateIssuer? Certificates { get; set; }

    /// <summary>The node's data folder, as far as the API needs one; gone with the bed.</summary>
    public TemporaryFolder Folder { get; } = new();

    public string SocketPath => Folder["warp.sock"];

    /// <summary>Null plays a node whose actor system is being rebuilt.</summary>
    public ClusterConnection? Connection { get; set; }

    ClusterConnection? IClusterAccess.Current => Connection;

    public NodeCredentials Current { get; set; }

    /// <summary>What the server answers.</summary>
    public IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> Routes => _server!.Routes;

    public int Port => _server!.Endpoint.Port;

    public static async Task<ManagementBed> StartAsync(string runner = "alpha", ActorSystem? system = null, ClusterAuthority? authority = null, AkkaManagementSettings? akka = null, RateLimitSettings? rateLimit = null)
    {
        var bed = new ManagementBed(runner, system, authority) { Akka = akka ?? new(), RateLimit = rateLimit ?? RateLimitSettings.Default };
        await bed.StartServerAsync();
        return bed;
    }

    /// <summary>Starts a server, also beside one that runs.</summary>
    public async Task StartServerAsync()
    {
        Directory.CreateDirectory(Folder["data"]);
        var server = new ManagementServer(
            new ManagementOptions(IPAddress.Loopback, 0, SocketPath) { AskTimeout = TimeSpan.FromSeconds(1), MaxContextBytes = MaxContextBytes, Akka = Akka, RateLimit = RateLimit }, this, this, new LocalContainers(Logs, new LateExec(this), Volumes, Paths), Denials, new NodeObservation(Metrics, Flows), new DataFolder(Folder["data"]), NullLoggerFactory.Instance, images: Images, certificates: Certificates);
        await server.StartAsync(CancellationToken.None);
        _server = server;
    }

    public Task StopServerAsync() => _server!.StopAsync(CancellationToken.None);

    public X509Certificate2 Admin(AdminRole? role = null) => Certificate(_authority.IssueAdmin(Cluster, "ops", role), _authority);

    public X509Certificate2 Runner(string name) => RunnerCredentials(name, _authority).Certificate;

    /// <summary>What the runner's trunks would show.</summary>
    public X509Certificate2 Tunnel(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = _authority.IssueTunnel(new WarpIdentity(Cluster, WarpIdentityKind.Tunnel, name), Runner(name), new PublicKey(key), TimeSpan.FromHours(1));
        return Certificate(new IssuedCertificate(pem, key.ExportPkcs8PrivateKeyPem()), _authority);
    }

    public static X509Certificate2 ForeignAdmin()
    {
        using var foreign = ClusterAuthority.Create(Cluster, TimeProvider.System);
        return Certificate(foreign.IssueAdmin(Cluster, "ops"), foreign);
    }

    /// <summary>Writes into the folder what a command line needs: admin.crt, admin.key and ca.crt, and an administrator of another CA as foreign.crt and foreign.key.</summary>
    public void WriteAdminFiles()
    {
        using var foreign = ClusterAuthority.Create(Cluster, TimeProvider.System);
        foreach (var (name, issued) in (ReadOnlySpan<(string, IssuedCertificate)>)[("admin", _authority.IssueAdmin(Cluster, "ops")), ("foreign", foreign.IssueAdmin(Cluster, "ops"))])
        {
            File.WriteAllText(Folder[$"{name}.crt"], issued.CertificatePem);
            File.WriteAllText(Folder[$"{name}.key"], issued.KeyPem);
        }

        File.WriteAllText(Folder["ca.crt"], _authority.CertificatePem);
    }

    /// <summary>A client over HTTPS that accepts no server but this runner.</summary>
    public HttpClient Client(X509Certificate2? certificate, Version? version = null) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
            RemoteCertificateValidationCallback = (_, server, _, _) => string.Equals(PeerIdentity.Check(server as X509Certificate2, Current).Identity?.Name, Current.Runner.Value, StringComparison.Ordinal),
        },
    })
    {
        BaseAddress = new UriBuilder("https", "127.0.0.1", Port).Uri,
        DefaultRequestVersion = version ?? HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>A client over the Unix socket.</summary>
    public HttpClient Local() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://localhost"),
    };

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _system.Terminate();
        Folder.Dispose();
        if (_ownsAuthority)
        {
            _authority.Dispose();
        }
    }

    private static NodeCredentials RunnerCredentials(string runner, ClusterAuthority authority)
    {
        var id = RunnerId.Parse(runner);
        var issued = authority.IssueRunner(Cluster, id, "127.0.0.1");
        return CredentialsReader.Read(Cluster, id, issued.CertificatePem, issued.KeyPem, authority.CertificatePem, "test");
    }

    private static X509Certificate2 Certificate(IssuedCertificate issued, ClusterAuthority authority) =>
        CredentialsReader.Read(Cluster, RunnerId.Parse("unused"), issued.CertificatePem, issued.KeyPem, authority.CertificatePem, "test").Certificate;

    private sealed class LateExec(ManagementBed bed) : IContainerExec
    {
        public Task<RuntimeResult<IExecSession>> OpenAsync(string containerId, ExecRequest request, CancellationToken cancellationToken) =>
            bed.Exec!.OpenAsync(containerId, request, cancellationToken);
    }

    private sealed class AnsweringActor : ReceiveActor
    {
        public AnsweringActor(Func<object, object?> answer) => ReceiveAny(message =>
        {
            if (answer(message) is { } reply)
            {
                Sender.Tell(reply);
            }
        });
    }
}
