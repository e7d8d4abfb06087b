using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Relay;
using Warp.Node.Routing;
using Warp.Node.Security;

namespace Warp.Node.Tests.Relay;

/// <summary>
/// Two engines in one process: connections to <see cref="Entry"/> count as the service <c>app</c> on runner <c>one</c> and go to whatever listens
/// on <see cref="Target"/>, which counts as <c>db</c> on runner <c>two</c>.
/// </summary>
internal sealed class TestRelays : IAsyncDisposable
{
    internal static readonly Ipv4Address AppAddress = Ipv4Address.Parse("10.201.0.1");
    internal static readonly Ipv4Address DbAddress = Ipv4Address.Parse("10.201.0.2");
    internal static readonly Ipv4Address AppContainer = Ipv4Address.Parse("172.30.0.2");
    internal static readonly Ipv4Address Loopback = Ipv4Address.Parse("127.0.0.1");
    internal static readonly DeploymentName Deployment = DeploymentName.Parse("shop");
    private readonly ILoggerFactory _loggers;
    private readonly TestAuthority _authority;

    private TestRelays(
        TestAuthority one, TestAuthority two, RelayOptions options, int targetPort, Func<string, NodeEndpoint, NodeEndpoint>? endpointOf, Func<string, ICredentialSource>? credentialsOf)
    {
        _authority = two;
        _loggers = LoggerFactory.Create(b => b.AddProvider(Log).SetMinimumLevel(LogLevel.Debug));
        var (entryPort, onePort, twoPort) = (TestPorts.Next(), TestPorts.Next(), TestPorts.Next());
        (Entry, Target) = (new IPEndPoint(IPAddress.Loopback, entryPort), new IPEndPoint(IPAddress.Loopback, targetPort));
        EndpointOfOne = new NodeEndpoint("127.0.0.1", onePort);
        var direct = new NodeEndpoint("127.0.0.1", twoPort);
        EndpointOfTwo = endpointOf?.Invoke("two", direct) ?? direct;
        CredentialsOne = new TestCredentials(one.Issue("one"));
        CredentialsTwo = new TestCredentials(two.Issue("two"));
        (RoutesOne, RoutesTwo) = (new RouteHolder(RunnerId.Parse("one")), new RouteHolder(RunnerId.Parse("two")));
        One = new RelayEngine(
            options with
            {
                InterceptEndpoint = null,
                BindCaller = false,
                TunnelEndpoint = new IPEndPoint(IPAddress.Loopback, onePort),
                StaticEntries = [new StaticEntry(Entry, AppContainer, DbAddress, targetPort)],
            },
            RoutesOne,
            credentialsOf?.Invoke("one") ?? CredentialsOne,
            _loggers);
        Two = new RelayEngine(
            options with { InterceptEndpoint = null, TunnelEndpoint = new IPEndPoint(IPAddress.Loopback, twoPort), BindCaller = false },
            RoutesTwo,
            credentialsOf?.Invoke("two") ?? CredentialsTwo,
            _loggers);
        RoutesOne.Publish(Routes("one"));
        RoutesTwo.Publish(Routes("two"));
    }

    internal IPEndPoint Entry { get; }

    internal IPEndPoint Target { get; }

    internal NodeEndpoint EndpointOfOne { get; }

    internal NodeEndpoint EndpointOfTwo { get; }

    internal NodeEndpoint EndpointOfThree { get; } = new("127.0.0.1", TestPorts.Next());

    internal TestCredentials CredentialsOne { get; }

    internal TestCredentials CredentialsTwo { get; }

    internal RouteHolder RoutesOne { get; }

    internal RouteHolder RoutesTwo { get; }

    internal RelayEngine One { get; }

    internal RelayEngine Two { get; }

    internal TestLog Log { get; } = new();

    internal Peer PeerOne => new(RunnerId.Parse("one"), EndpointOfOne, EndpointOfOne);

    internal Peer PeerThree => new(RunnerId.Parse("three"), EndpointOfThree, EndpointOfThree);

    internal Peer PeerTwo => new(RunnerId.Parse("two"), EndpointOfTwo, EndpointOfTwo);

    internal static RelayOptions Options { get; } = new() { Loops = 2 };

    /// <summary>Makes both engines; the target listens on <paramref name="targetPort"/>.</summary>
    internal static TestRelays Start(
        int targetPort,
        RelayOptions? options = null,
        TestAuthority? authority = null,
        TestAuthority? foreign = null,
        Func<string, NodeEndpoint, NodeEndpoint>? endpointOf = null,
        Func<string, ICredentialSource>? credentialsOf = null)
    {
        authority ??= new TestAuthority();
        var relays = new TestRelays(foreign ?? authority, authority, options ?? Options, targetPort, endpointOf, credentialsOf);
        (relays.One.Start().Problem ?? relays.Two.Start().Problem).ShouldBeNull();
        return relays;
    }

    /// <summary>Another engine in the place of <see cref="Two"/>, which is gone.</summary>
    internal RelayEngine StartTwoAgain()
    {
        var options = Options with { InterceptEndpoint = null, TunnelEndpoint = new IPEndPoint(IPAddress.Loopback, EndpointOfTwo.Port), BindCaller = false };
        var engine = new RelayEngine(options, RoutesTwo, CredentialsTwo, _loggers);
        engine.Start().Problem.ShouldBeNull();
        return engine;
    }

    /// <summary>One more engine, of the runner <c>three</c>, without routes.</summary>
    internal (RelayEngine Engine, RouteHolder Routes) StartThird()
    {
        var routes = new RouteHolder(RunnerId.Parse("three"));
        var options = Options with { InterceptEndpoint = null, TunnelEndpoint = new IPEndPoint(IPAddress.Loopback, EndpointOfThree.Port), BindCaller = false };
        var engine = new RelayEngine(options, routes, new TestCredentials(_authority.Issue("three")), _loggers);
        engine.Start().Problem.ShouldBeNull();
        return (engine, routes);
    }

    /// <summary>The routes as one of the runners sees them.</summary>
    /// <param name="self">Which runner.</param>
    /// <param name="appGeneration">The caller's generation.</param>
    /// <param name="appRunner">Where the caller is.</param>
    /// <param name="dbRuns">Whether the container of <c>db</c> runs, and takes connections.</param>
    /// <param name="dbHold">How long connections wait for it, in seconds.</param>
    internal RunnerRoutes Routes(string self, long appGeneration = 1, string appRunner = "one", bool dbRuns = true, int dbHold = 10) =>
        Routes(self, [Db("two", self is "two" && dbRuns ? Loopback : null)], appGeneration, appRunner, dbHold);

    /// <summary>The routes as one of the runners sees them, with these placements of <c>db</c>.</summary>
    internal RunnerRoutes Routes(string self, ImmutableArray<InstanceRoute> db, long appGeneration = 1, string appRunner = "one", int dbHold = 10, int? dbPublicPort = null)
    {
        var app = new InstanceId(Deployment, ServiceName.Parse("app"), 0, appGeneration);
        return new RunnerRoutes(
            RunnerId.Parse(self),
            [
                new DeploymentRoutes(Deployment, null,
                [
                    new ServiceRoute(app.Service, AppAddress, [new InstanceRoute(app, RunnerId.Parse(appRunner), self is "one" ? AppContainer : null)]),
                    new ServiceRoute(ServiceName.Parse("db"), DbAddress, db, dbHold, dbPublicPort),
                ]),
            ],
            [PeerOne, PeerTwo]);
    }

    /// <summary>A placement of <c>db</c>; its container listens on <paramref name="container"/>, unless that is null.</summary>
    internal static InstanceRoute Db(
        string runner, Ipv4Address? container, int ordinal = 0, long generation = 1, PlacementRole role = PlacementRole.Serving, bool ready = true) =>
        new(new InstanceId(Deployment, ServiceName.Parse("db"), ordinal, generation), RunnerId.Parse(runner), container, role, ready);

    internal Task<Socket> ConnectAsync() => ConnectAsync(Entry);

    /// <summary>How a connection ends that is to be refused: the reset may come before connect has returned.</summary>
    internal Task<SocketError> EndOfRefusedAsync() => EndOfRefusedAsync(Entry);

    internal static async Task<SocketError> EndOfRefusedAsync(IPEndPoint endpoint)
    {
        try
        {
            using var socket = await ConnectAsync(endpoint);
            return await StreamEndTests.EndOf(socket);
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode;
        }
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endpoint).WaitAsync(Wait.Limit);
        return socket;
    }


    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
        _loggers.Dispose();
        Log.Faults.ShouldBeEmpty();
    }
}
