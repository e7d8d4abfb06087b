using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Tests.Interception.Bed;

/// <summary>Short ways to write snapshots.</summary>
internal static class Routes
{
    public static readonly RunnerId Self = RunnerId.Parse("here");
    private static readonly RunnerId s_other = RunnerId.Parse("there");

    public static RunnerRoutes Of(params DeploymentRoutes[] deployments) => new(Self, [.. deployments], []);

    public static DeploymentRoutes Deployment(string name, string bridge, string subnet, params ServiceRoute[] services)
    {
        var deployment = DeploymentName.Parse(name);
        var range = Ipv4Range.Parse(subnet);
        return new DeploymentRoutes(
            deployment, new BridgeNetwork(deployment, name, bridge, range, new Ipv4Address(range.Network.Bits + 1)), [.. services.Select(service => Of(service, deployment))]);
    }

    /// <summary>A service that runs on this runner.</summary>
    public static ServiceRoute Here(string service, string istAddress, params string[] containers) =>
        Service(service, istAddress, [.. containers.Select((container, ordinal) => Instance(service, ordinal, Self, container))]);

    /// <summary>A service on another runner.</summary>
    public static ServiceRoute There(string service, string istAddress) => Service(service, istAddress, [Instance(service, 0, s_other, null)]);

    public static InstanceRoute Instance(
        string service, int ordinal, RunnerId runner, string? container, long generation = 1, PlacementRole role = PlacementRole.Serving, bool ready = true) =>
        new(
            new InstanceId(DeploymentName.Parse("any"), ServiceName.Parse(service), ordinal, generation),
            runner,
            container is null ? null : Ipv4Address.Parse(container),
            role,
            ready);

    private static ServiceRoute Of(ServiceRoute service, DeploymentName deployment) =>
        service with { Instances = [.. service.Instances.Select(i => i with { Instance = i.Instance with { Deployment = deployment } })] };

    public static ServiceRoute Service(string service, string istAddress, ImmutableArray<InstanceRoute> instances) =>
        new(ServiceName.Parse(service), Ipv4Address.Parse(istAddress), instances);
}
