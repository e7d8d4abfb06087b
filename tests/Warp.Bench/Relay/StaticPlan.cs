using System.Net;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Relay;

namespace Warp.Bench.Relay;

/// <summary>Routes for one service on each of two runners: what the entry accepts goes to the target of the exit.</summary>
internal sealed class StaticPlan
{
    private static readonly DeploymentName Deployment = DeploymentName.Parse("bench");
    private static readonly ServiceName Client = ServiceName.Parse("client");
    private static readonly ServiceName Server = ServiceName.Parse("server");
    private static readonly Ipv4Address ClientAddress = Ipv4Address.Parse("10.201.0.1");
    private static readonly Ipv4Address ServerAddress = Ipv4Address.Parse("10.201.0.2");

    /// <summary>Makes the plan of one end.</summary>
    /// <param name="entry">Whether it is the entry.</param>
    /// <param name="self">This runner.</param>
    /// <param name="other">The runner at the other end.</param>
    /// <param name="listen">Where this end listens: for clients, or for the entry's trunks.</param>
    /// <param name="far">Where this end dials: the exit, or the target.</param>
    /// <param name="port">The target's port, which the entry asks for.</param>
    internal StaticPlan(bool entry, RunnerId self, RunnerId other, IPEndPoint listen, IPEndPoint far, int port)
    {
        var tunnel = new NodeEndpoint(far.Address.ToString(), far.Port);
        Peer = new Peer(other, tunnel, tunnel);
        var (clientRunner, serverRunner) = entry ? (self, other) : (other, self);
        var container = entry ? ClientAddress : Ipv4Address.From(far.Address);
        Options = entry
            ? new RelayOptions { InterceptEndpoint = null, TunnelEndpoint = null, StaticEntries = [new StaticEntry(listen, ClientAddress, ServerAddress, port)] }
            : new RelayOptions { InterceptEndpoint = null, TunnelEndpoint = listen };
        Routes = new RunnerRoutes(
            self,
            [
                new DeploymentRoutes(Deployment, null,
                [
                    Route(Client, ClientAddress, clientRunner, entry ? container : null),
                    Route(Server, ServerAddress, serverRunner, entry ? null : container),
                ]),
            ],
            [Peer]);
    }

    internal RelayOptions Options { get; }

    internal RunnerRoutes Routes { get; }

    internal Peer Peer { get; }

    private static ServiceRoute Route(ServiceName service, Ipv4Address address, RunnerId runner, Ipv4Address? container) =>
        new(service, address, [new InstanceRoute(new InstanceId(Deployment, service, 0, 1), runner, container)]);
}
