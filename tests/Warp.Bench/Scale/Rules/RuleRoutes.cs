using System.Globalization;
using Warp.Cluster.Containers;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;

namespace Warp.Bench.Scale.Rules;

/// <summary>Routes of a runner that has everything of many deployments: <c>app</c> and <c>db</c>, each with one container. The first deployment's containers and bridge exist.</summary>
internal static class RuleRoutes
{
    internal const string Bridge = "warp-b0";
    internal const string Gateway = "10.208.0.1";
    internal const string App = "10.208.0.2";
    internal const string Db = "10.208.0.3";

    /// <summary>Where the first deployment's app reaches its db.</summary>
    internal const string DbService = "10.201.0.1";

    // So that 5,000 of them find room in the pool.
    private const int SubnetBits = 5;
    private static readonly RunnerId Self = RunnerId.Parse("here");
    private static readonly Ipv4Address FirstSubnet = Ipv4Address.Parse("10.208.0.0");
    private static readonly Ipv4Address FirstService = Ipv4Address.Parse("10.201.0.0");

    // As on a runner: what does not change is the same object in each snapshot.
    private static readonly List<DeploymentRoutes> Unchanged = [];

    /// <summary>The snapshot.</summary>
    /// <param name="deployments">How many.</param>
    /// <param name="changed">Whether the last one's db has another container than otherwise.</param>
    internal static RunnerRoutes Of(int deployments, bool changed)
    {
        Unchanged.AddRange(Enumerable.Range(Unchanged.Count, Math.Max(0, deployments - Unchanged.Count)).Select(number => Deployment(number, db: 3)));
        return new RunnerRoutes(Self, [.. Unchanged.Take(deployments - 1), changed ? Deployment(deployments - 1, db: 4) : Unchanged[deployments - 1]], []);
    }

    private static DeploymentRoutes Deployment(int number, uint db)
    {
        var name = DeploymentName.Parse(string.Create(CultureInfo.InvariantCulture, $"deployment-{number}"));
        var subnet = new Ipv4Range(new Ipv4Address(FirstSubnet.Bits + ((uint)number << SubnetBits)), 32 - SubnetBits);
        var bridge = new BridgeNetwork(name, name.Value, string.Create(CultureInfo.InvariantCulture, $"warp-b{number}"), subnet, Address(1));
        return new DeploymentRoutes(name, bridge, [Service("app", 0, Address(2)), Service("db", 1, Address(db))]);

        Ipv4Address Address(uint last) => new(subnet.Network.Bits + last);

        ServiceRoute Service(string service, uint index, Ipv4Address container) => new(
            ServiceName.Parse(service),
            new Ipv4Address(FirstService.Bits + (2 * (uint)number) + index),
            [new InstanceRoute(new InstanceId(name, ServiceName.Parse(service), 0, 1), Self, container)]);
    }
}
