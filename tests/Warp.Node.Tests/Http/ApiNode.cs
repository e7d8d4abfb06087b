using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Warp.Cluster.Containers;
using Warp.Node.Http;
using Warp.Node.Tests.Relay;
using Xunit;

namespace Warp.Node.Tests.Http;

/// <summary>A real management server with real TLS and a real one-node cluster; behind it stands <see cref="DeploymentBook"/>.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "xunit ends it through IAsyncLifetime.")]
public sealed class ApiNode : IAsyncLifetime, IClusterAccess
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private ActorSystem? _system;
    private IActorRef _book = ActorRefs.Nobody;
    private ManagementServer? _server;

    public string DataFolder => _folder.Path;

    public ClusterConnection? Current => IsInCluster ? new ClusterConnection(_system!, _book, _book, _book) : null;

    public bool IsInCluster { get; set; } = true;

    internal TestAuthority Authority => _authority;

    public async Task InitializeAsync()
    {
        _system = ActorSystem.Create("warp", ConfigurationFactory.ParseString(
            """
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.actor.provider = cluster
            akka.remote.dot-netty.tcp.hostname = "127.0.0.1"
            akka.remote.dot-netty.tcp.port = 0
            akka.cluster.roles = [control, runner]
            """));
        var cluster = Akka.Cluster.Cluster.Get(_system);
        await cluster.JoinAsync(cluster.SelfAddress);
        _book = _system.ActorOf(Props.Create<DeploymentBook>());
        var credentials = new TestCredentials(_authority.Issue("r1"));
        _server = new ManagementServer(
            new ManagementOptions(IPAddress.Loopback, 0, _folder["warp.sock"]) { AskTimeout = TimeSpan.FromSeconds(2) }, credentials, this, new ThreeLines(), NullLoggerFactory.Instance);
        await _server.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _system!.Terminate();
        _system.Dispose();
        _folder.Dispose();
    }

    /// <summary>The administrator's client, or with another identity of the CA, or without any.</summary>
    [SuppressMessage("Security", "CA5359:Do not disable certificate validation", Justification = "The caller's identity is under test here, not the server's.")]
    internal HttpClient Client(string? uri = "warp://test/admin/ann", TestAuthority? issuer = null)
    {
        X509CertificateCollection certificates = uri is null ? [] : [(issuer ?? _authority).Issue("someone", uri, _authority).Certificate];
        return new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = certificates,
                LocalCertificateSelectionCallback = (_, _, local, _, _) => local.Count > 0 ? local[0] : null!,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
        })
        {
            BaseAddress = new Uri($"https://127.0.0.1:{_server!.Endpoint.Port}"),
        };
    }

    /// <summary>The local administrator's client.</summary>
    internal HttpClient SocketClient() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder["warp.sock"]), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://localhost"),
    };

    internal static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>Every container has written the same three lines.</summary>
    private sealed class ThreeLines : IContainerLogs
    {
        public Task<RuntimeResult<ContainerOutput>> OpenLogsAsync(string containerId, LogQuery query, CancellationToken cancellationToken) =>
            Task.FromResult<RuntimeResult<ContainerOutput>>(new ContainerOutput(Lines(containerId, query.Tail ?? 3)));

        private static async IAsyncEnumerable<LogLine> Lines(string container, int count)
        {
            await Task.Yield();
            foreach (var line in Enumerable.Range(1, 3).TakeLast(count))
            {
                yield return new LogLine(DateTimeOffset.UnixEpoch, Error: line == 2, $"{container} line {line} ü");
            }
        }
    }
}
