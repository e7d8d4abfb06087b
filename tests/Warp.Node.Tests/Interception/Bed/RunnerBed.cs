using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Protocol;
using Warp.Node.Interception;
using Warp.Node.Interception.Queue;
using Xunit;

namespace Warp.Node.Tests.Interception.Bed;

/// <summary>
/// A runner as the kernel sees it: a host with two deployments' bridges, containers on them, and a neighbour outside that routes everything to the host.
/// Deployment "shop": app and db here, cache elsewhere. Deployment "blog": web here, with the same IST address as app.
/// </summary>
internal sealed class RunnerBed : IDisposable
{
    public const string AppAddress = "10.208.1.2";
    public const string DbAddress = "10.208.1.3";
    public const string NewAddress = "10.208.1.4";
    public const string WebAddress = "10.208.2.2";
    public const string HostAddress = "192.168.77.1";
    public const string AppIst = "10.201.0.1";
    public const string DbIst = "10.201.0.2";
    public const string CacheIst = "10.201.0.3";
    public const string UnknownIst = "10.201.0.9";
    public const int Port = 3211;
    public const int InterceptPort = 15001;
    private readonly List<IDisposable> _parts = [];

    /// <summary>Builds it and applies <see cref="Shop"/> and <see cref="Blog"/>.</summary>
    /// <param name="bridgeNetfilter">net.bridge.bridge-nf-call-iptables: whether bridged frames pass the rules too.</param>
    /// <param name="options">The defaults when null.</param>
    /// <param name="dialFirst">Whether connections that need the relay are held until their service has been dialled.</param>
    public RunnerBed(bool bridgeNetfilter = false, InterceptionOptions? options = null, bool dialFirst = false)
    {
        try
        {
            (Host, App, Db, Web, Outside) = (Namespace(), Namespace(), Namespace(), Namespace(), Namespace());
            Host.Ip("""
                link set lo up
                link add warp-t1 type bridge
                link add warp-t2 type bridge
                addr add 10.208.1.1/24 dev warp-t1
                addr add 10.208.2.1/24 dev warp-t2
                link set warp-t1 up
                link set warp-t2 up
                """);
            if (bridgeNetfilter || File.Exists(BridgeNetfilterSetting))
            {
                Host.Sysctl("net.bridge.bridge-nf-call-iptables", bridgeNetfilter ? "1" : "0");
            }

            Plug(App, "warp-t1", AppAddress, "10.208.1.1");
            Plug(Db, "warp-t1", DbAddress, "10.208.1.1");
            Plug(Web, "warp-t2", WebAddress, "10.208.2.1");
            Plug(Outside, bridge: null, "192.168.77.2", HostAddress);
            options ??= new InterceptionOptions();
            DialFirst = dialFirst ? Host.Run(() => DialFirst.Open(options)) : null;
            DialFirst?.Problem.ShouldBeNull();
            Rules = new NftRuleSet(options, DialFirst?.Rule, Host);
            Apply(Shop, Blog);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Both settings of bridge netfilter, as far as this kernel has it.</summary>
    public static TheoryData<bool> BridgeNetfilterSettings => File.Exists(BridgeNetfilterSetting) ? [false, true] : [false];

    public static DeploymentRoutes Shop { get; } = Routes.Deployment(
        "shop", "warp-t1", "10.208.1.0/24", Routes.Here("app", AppIst, AppAddress), Routes.Here("db", DbIst, DbAddress), Routes.There("cache", CacheIst));

    /// <summary>The deployment "shop" with these instances of db: in the container of the bed, and in one that the test adds at <see cref="NewAddress"/>.</summary>
    public static DeploymentRoutes WithDb(params (PlacementRole Role, bool Ready)[] instances)
    {
        string[] addresses = [DbAddress, NewAddress];
        var db = instances.Select((state, i) => Routes.Instance("db", 0, Routes.Self, addresses[i], i + 1, state.Role, state.Ready));
        return Routes.Deployment(
            "shop", "warp-t1", "10.208.1.0/24", Routes.Here("app", AppIst, AppAddress), Routes.Service("db", DbIst, [.. db]), Routes.There("cache", CacheIst));
    }

    /// <summary>The same, with how many seconds connections wait while no instance can take them.</summary>
    public static DeploymentRoutes WithDb(int hold, params (PlacementRole Role, bool Ready)[] instances)
    {
        var routes = WithDb(instances);
        return routes with { Services = [.. routes.Services.Select(service => service with { ConnectHoldSeconds = hold })] };
    }

    public static DeploymentRoutes Blog { get; } = Routes.Deployment("blog", "warp-t2", "10.208.2.0/24", Routes.Here("web", AppIst, WebAddress));

    public NetworkNamespace Host { get; }

    public NetworkNamespace App { get; }

    public NetworkNamespace Db { get; }

    public NetworkNamespace Web { get; }

    public NetworkNamespace Outside { get; }

    public NftRuleSet Rules { get; }

    /// <summary>The queue and its rule; null when connections are accepted first.</summary>
    public DialFirst? DialFirst { get; }

    private static string BridgeNetfilterSetting => "/proc/sys/net/bridge/bridge-nf-call-iptables";

    /// <summary>One more container on a bridge.</summary>
    public NetworkNamespace AddContainer(string bridge, string address, string gateway)
    {
        var container = Namespace();
        Plug(container, bridge, address, gateway);
        return container;
    }

    /// <summary>One more neighbour, on a network of its own that only the host joins to the others.</summary>
    public NetworkNamespace AddOutsider(string address, string gateway)
    {
        var outsider = Namespace();
        Plug(outsider, bridge: null, address, gateway);
        return outsider;
    }

    /// <summary>The host's end of a guest's cable.</summary>
    public static string PortOf(NetworkNamespace guest) => "v" + guest.Name[(guest.Name.LastIndexOf('-') + 1)..];

    public GreetingServer Serve(NetworkNamespace where, string name, int port) => Own(new GreetingServer(where, name, port));

    public void Apply(params DeploymentRoutes[] deployments) => Apply(Routes.Of(deployments));

    public void Apply(RunnerRoutes routes)
    {
        var outcome = Rules.ApplyAsync(routes, CancellationToken.None).GetAwaiter().GetResult();
        outcome.Failure.ShouldBeNull();
    }

    public void Dispose()
    {
        foreach (var part in Enumerable.Reverse(_parts))
        {
            part.Dispose();
        }
    }

    private NetworkNamespace Namespace() => Own(new NetworkNamespace());

    private T Own<T>(T part)
        where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }

    private void Plug(NetworkNamespace guest, string? bridge, string address, string gateway)
    {
        var port = PortOf(guest);
        Host.Ip($"link add {port} type veth peer name eth0 netns {guest.Name}\n"
            + (bridge is null ? $"addr add {gateway}/24 dev {port}\n" : $"link set {port} master {bridge}\n")
            + $"link set {port} up\n");
        guest.Ip($"""
            link set lo up
            addr add {address}/24 dev eth0
            link set eth0 up
            route add default via {gateway}
            """);
    }
}
