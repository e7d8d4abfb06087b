using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Interception.Rules;

/// <summary>What the table's sets and maps have to contain for a snapshot of the routes. Never changes once built.</summary>
internal sealed class RuleSetModel
{
    private readonly HashSet<SetElement>[] _elements;

    private RuleSetModel(HashSet<SetElement>[] elements) => _elements = elements;

    /// <summary>The model of no deployments.</summary>
    public static RuleSetModel Empty { get; } = new([.. SetSchema.All.Select(_ => new HashSet<SetElement>())]);

    /// <summary>A set's elements; a map's keys are unique.</summary>
    public IReadOnlySet<SetElement> this[SetSchema set] => _elements[set.Index];

    /// <summary>Computes the model. Parts of the snapshot that contradict each other (an address outside its bridge's subnet) get no elements, so that they fail closed.</summary>
    /// <param name="routes">The snapshot.</param>
    /// <param name="hostBridges">Bridges of ours on the host, also such that the snapshot does not name (yet, or any more): they are guarded, and lead nowhere.</param>
    /// <exception cref="InterceptionException">A bridge has a name that no bridge of ours can have.</exception>
    public static RuleSetModel Build(RunnerRoutes routes, IEnumerable<string> hostBridges)
    {
        var builder = new Builder();
        foreach (var bridge in hostBridges)
        {
            builder.Guard(bridge);
        }

        foreach (var deployment in routes.Deployments)
        {
            builder.Add(deployment, routes.Self);
        }

        foreach (var host in routes.Peers.Where(peer => peer.Runner != routes.Self).SelectMany(peer => new[] { peer.Tunnel.Host, peer.Management.Host }))
        {
            builder.AddRunner(host);
        }

        return new RuleSetModel(builder.Elements);
    }

    /// <summary>A model with the given contents; for tests of the difference between any two.</summary>
    internal static RuleSetModel Of(Func<SetSchema, IEnumerable<SetElement>> elements) => new([.. SetSchema.All.Select(set => elements(set).ToHashSet())]);

    private sealed class Builder
    {
        private readonly HashSet<Ipv4Address> _containers = [];

        public HashSet<SetElement>[] Elements { get; } = [.. SetSchema.All.Select(_ => new HashSet<SetElement>())];

        public void Add(DeploymentRoutes deployment, RunnerId self)
        {
            if (deployment.Bridge is not { } bridge)
            {
                return;
            }

            var name = InterfaceName.Check(bridge.InterfaceName);
            Guard(name);
            foreach (var service in deployment.Services.Where(service => Put(SetSchema.Services, new(name, service.IstAddress))))
            {
                var instances = service.Instances
                    .Where(instance => instance.Runner == self && instance.ContainerAddress is { } address && bridge.Subnet.Contains(address) && _containers.Add(address))
                    .ToList();
                AddContainers(name, service.IstAddress, instances);
            }
        }

        public void Guard(string bridge)
        {
            Put(SetSchema.Bridges, new(bridge));
            Put(SetSchema.BridgePairs, new(bridge));
        }

        public void AddRunner(string host)
        {
            if (Ipv4Address.TryParse(host, out var address))
            {
                Put(SetSchema.Runners, new("", address));
            }
        }

        // A container may call whatever its part in its service is. The kernel connects callers only to the one instance that there is to choose: a map cannot count connections,
        // and what cannot take one yet is not to refuse it. Everything else goes to the intercept listener.
        private void AddContainers(string bridge, Ipv4Address istAddress, List<InstanceRoute> instances)
        {
            foreach (var container in instances.Select(instance => instance.ContainerAddress!.Value))
            {
                Put(SetSchema.Callers, new(bridge, container));
                Put(SetSchema.CallerAddresses, new("", container, Value: istAddress));
            }

            if (instances.Where(instance => instance is { Role: PlacementRole.Serving, Ready: true }).ToList() is [var target])
            {
                Put(SetSchema.LocalTargets, new(bridge, istAddress, Value: target.ContainerAddress!.Value));
                Put(SetSchema.Direct, new(bridge, istAddress));
            }
        }

        private bool Put(SetSchema set, SetElement element) => Elements[set.Index].Add(element);
    }
}
