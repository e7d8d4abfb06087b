using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net.Dns;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Node.Names;
using Warp.Node.Routing;

namespace Warp.Node.Tests.Names;

/// <summary>
/// A name server on real sockets. Each loopback address stands for the gateway of one bridge, and for one container when it is a source. Answers are read by a library that
/// knows nothing of ours.
/// </summary>
internal sealed class NameBed : IAsyncDisposable
{
    /// <summary>The gateway of the shop's bridge.</summary>
    public const string Shop = "127.0.0.1";

    /// <summary>The gateway of the blog's bridge.</summary>
    public const string Blog = "127.0.0.2";

    private const string Container = "127.0.0.10";
    private readonly TemporaryFolder _folder = new();
    private readonly RouteHolder _routes = new(RunnerId.Parse("r1"));

    public NameBed(Func<NameServerOptions, NameServerOptions> change, params IReadOnlyList<Upstream> upstreams)
    {
        Resolve(upstreams);
        var options = new NameServerOptions(new IPEndPoint(IPAddress.Any, TestPorts.Next()), Ipv4Range.Parse("10.201.0.0/16")) { ServerPatience = TimeSpan.FromSeconds(5) };
        Server = new NameServer(change(options), _routes, new HostResolvers(_folder["resolv.conf"], _folder["none"]), NullLogger.Instance);
        Server.Start().ShouldBeNull();
    }

    public NameBed(params IReadOnlyList<Upstream> upstreams)
        : this(options => options, upstreams)
    {
    }

    public NameServer Server { get; }

    /// <summary>The host's name servers from now on.</summary>
    public void Resolve(params IReadOnlyList<Upstream> upstreams) =>
        File.WriteAllLines(_folder["resolv.conf"], upstreams.Select(upstream => $"nameserver {upstream.Address}").DefaultIfEmpty("nameserver 127.53.255.255"));

    /// <summary>The deployments that are there from now on, by their gateway; a service's address is 10.201.0.N, N being its place from 1.</summary>
    public void Publish(params IReadOnlyList<(string Gateway, string[] Services)> deployments) =>
        _routes.Publish(new RunnerRoutes(
            RunnerId.Parse("r1"),
            [
                .. deployments.Select((deployment, i) =>
                {
                    var name = DeploymentName.Parse($"deployment-{i}");
                    return new DeploymentRoutes(
                        name,
                        new BridgeNetwork(name, "id", $"warp{i}", Ipv4Range.Parse("127.0.0.0/8"), Ipv4Address.Parse(deployment.Gateway)),
                        [.. deployment.Services.Select((service, n) => new ServiceRoute(ServiceName.Parse(service), Ipv4Address.Parse($"10.201.0.{n + 1}"), []))]);
                }),
            ],
            []));

    /// <summary>Asks by UDP.</summary>
    public async Task<DnsMessage> AskAsync(string name, RecordType type = RecordType.A, string gateway = Shop)
    {
        using var client = Connect(gateway);
        return DnsMessage.Parse(await client.AskAsync(Query.Of(name, type)));
    }

    /// <summary>A container that asks by UDP.</summary>
    public NameClient Connect(string gateway = Shop, string container = Container) => new(IPAddress.Parse(container), new IPEndPoint(IPAddress.Parse(gateway), Server.Endpoint.Port));

    /// <summary>A container's connection.</summary>
    public async Task<NetworkStream> ConnectByTcpAsync(string gateway = Shop)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(Container), 0));
        await socket.ConnectAsync(IPAddress.Parse(gateway), Server.Endpoint.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
