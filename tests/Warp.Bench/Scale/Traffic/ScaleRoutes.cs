using System.Collections.Immutable;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Routing;

namespace Warp.Bench.Scale.Traffic;

/// <summary>Routes of many deployments, each with a service <c>client</c> on the runner <c>entry</c> that calls a service <c>server</c> on the runner <c>exit</c>.</summary>
internal static class ScaleRoutes
{
    /// <summary>Where the clients are.</summary>
    internal static readonly RunnerId Entry = RunnerId.Parse("entry");

    /// <summary>Where the servers are.</summary>
    internal static readonly RunnerId Exit = RunnerId.Parse("exit");

    private static readonly ServiceName Client = ServiceName.Parse("client");
    private static readonly ServiceName Server = ServiceName.Parse("server");
    private static readonly Ipv4Address FirstIst = Ipv4Address.Parse("10.200.0.0");
    private static readonly Ipv4Address FirstClient = Ipv4Address.Parse("172.16.0.0");

    /// <summary>The IST address of a deployment's server.</summary>
    internal static Ipv4Address ServerAddress(int deployment) => new(FirstIst.Bits + 2 + (2 * (uint)deployment));

    /// <summary>The container of a deployment's client.</summary>
    internal static Ipv4Address ClientContainer(int deployment) => new(FirstClient.Bits + 1 + (uint)deployment);

    /// <summary>What the exit is asked when a deployment's client connects to its server.</summary>
    internal static OpenRequest Request(int deployment, int port) => new(Name(deployment), Client, 0, 1, Server, port);

    /// <summary>One runner's routes.</summary>
    /// <param name="self">Which runner: <see cref="Entry"/> or <see cref="Exit"/>.</param>
    /// <param name="deployments">How many deployments.</param>
    /// <param name="exit">Where the exit takes trunks.</param>
    /// <param name="containerOf">Where a deployment's server listens.</param>
    internal static RunnerRoutes Make(RunnerId self, int deployments, NodeEndpoint exit, Func<int, Ipv4Address> containerOf)
    {
        var nowhere = new NodeEndpoint("127.0.0.1", 1);
        return new RunnerRoutes(
            self,
            [.. Enumerable.Range(0, deployments).Select(i => Deployment(self, i, containerOf(i)))],
            [self == Entry ? new Peer(Exit, exit, exit) : new Peer(Entry, nowhere, nowhere)]);
    }

    private static DeploymentName Name(int deployment) => DeploymentName.Parse($"deployment-{deployment}");

    private static DeploymentRoutes Deployment(RunnerId self, int number, Ipv4Address server)
    {
        var name = Name(number);
        return new DeploymentRoutes(name, null,
        [
            Service(name, Client, new Ipv4Address(ServerAddress(number).Bits - 1), Entry, self == Entry ? ClientContainer(number) : null),
            Service(name, Server, ServerAddress(number), Exit, self == Exit ? server : null),
        ]);
    }

    private static ServiceRoute Service(DeploymentName deployment, ServiceName service, Ipv4Address address, RunnerId runner, Ipv4Address? container)
    {
        ImmutableArray<InstanceRoute> placed = [new InstanceRoute(new InstanceId(deployment, service, 0, 1), runner, container)];
        return new ServiceRoute(service, address, placed);
    }
}
