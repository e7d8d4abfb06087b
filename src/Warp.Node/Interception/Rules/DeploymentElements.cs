using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Interception.Rules;

/// <summary>One deployment's part of a <see cref="RuleSetModel"/>; taken over by the next model while its routes stay the same.</summary>
internal sealed class DeploymentElements
{
    private readonly List<SetElement> _claims = [];
    private readonly Predicate<SetElement> _tryClaim;

    private DeploymentElements(DeploymentRoutes routes, Predicate<SetElement> tryClaim) => (Routes, _tryClaim) = (routes, tryClaim);

    /// <summary>What it was made from.</summary>
    public DeploymentRoutes Routes { get; }

    /// <summary>Its elements; each has the bridge or a container's address in its key.</summary>
    public ElementLists Elements { get; } = new();

    /// <summary>Its bridge and its containers' addresses, which no other deployment may have.</summary>
    public IReadOnlyList<SetElement> Claims => _claims;

    /// <summary>Whether something that it claims was taken, and so is missing here.</summary>
    public bool LacksClaims { get; private set; }

    /// <summary>Computes a deployment's elements.</summary>
    /// <param name="routes">The deployment.</param>
    /// <param name="self">This runner.</param>
    /// <param name="tryClaim">Takes a bridge or a container's address; false when somebody has it.</param>
    /// <exception cref="InterceptionException">The bridge has a name that no bridge of ours can have.</exception>
    public static DeploymentElements Of(DeploymentRoutes routes, RunnerId self, Predicate<SetElement> tryClaim)
    {
        var part = new DeploymentElements(routes, tryClaim);
        if (routes.Bridge is { } bridge && part.Claim(new(InterfaceName.Check(bridge.InterfaceName))))
        {
            part.Elements.PutBridge(bridge.InterfaceName);
            foreach (var service in routes.Services.DistinctBy(service => service.IstAddress))
            {
                part.Elements.Put(SetSchema.Services, new(bridge.InterfaceName, service.IstAddress));
                var here = service.Instances
                    .Where(instance => instance.Runner == self && instance.ContainerAddress is { } address && bridge.Subnet.Contains(address) && part.Claim(new("", address)))
                    .ToList();
                part.AddContainers(bridge.InterfaceName, service.IstAddress, here);
            }
        }

        return part;
    }

    // A container may call whatever its part in its service is. The kernel connects callers only to the one instance that there is to choose: a map cannot count connections,
    // and what cannot take one yet is not to refuse it. Everything else goes to the intercept listener.
    private void AddContainers(string bridge, Ipv4Address istAddress, List<InstanceRoute> instances)
    {
        foreach (var container in instances.Select(instance => instance.ContainerAddress!.Value))
        {
            Elements.Put(SetSchema.Callers, new(bridge, container));
            Elements.Put(SetSchema.CallerAddresses, new("", container, Value: istAddress));
        }

        if (instances.Where(instance => instance is { Role: PlacementRole.Serving, Ready: true }).ToList() is [var target])
        {
            Elements.Put(SetSchema.LocalTargets, new(bridge, istAddress, Value: target.ContainerAddress!.Value));
            Elements.Put(SetSchema.Direct, new(bridge, istAddress));
        }
    }

    private bool Claim(SetElement what)
    {
        var isFree = _tryClaim(what);
        if (isFree)
        {
            _claims.Add(what);
        }

        LacksClaims |= !isFree;
        return isFree;
    }
}
