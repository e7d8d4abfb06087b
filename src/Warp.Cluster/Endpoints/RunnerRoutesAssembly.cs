using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Endpoints;

/// <summary>Puts together a runner's routes: who is where from the assignments, and what really runs here from the engine. Pure.</summary>
internal static class RunnerRoutesAssembly
{
    /// <summary>The snapshot, deployments in the order of their names. Deployments without a placement here are left out: nothing of theirs may pass.</summary>
    /// <param name="self">This runner.</param>
    /// <param name="assignments">All of this runner.</param>
    /// <param name="local">What is here, by deployment; nothing is, where one is missing.</param>
    /// <param name="peers">All known runners; this one is left out.</param>
    public static RunnerRoutes Assemble(
        RunnerId self, IEnumerable<Assignment> assignments, IReadOnlyDictionary<DeploymentName, LocalEndpoints> local, IEnumerable<Peer> peers) => new(
        self,
        [
            .. assignments
                .Where(a => a.Services.Any(s => s.Placements.Any(p => p.Runner == self)))
                .OrderBy(a => a.Deployment.Value, StringComparer.Ordinal)
                .Select(a => Deployment(self, a, local.GetValueOrDefault(a.Deployment, LocalEndpoints.None))),
        ],
        [.. peers.Where(p => p.Runner != self).OrderBy(p => p.Runner.Value, StringComparer.Ordinal)]);

    private static DeploymentRoutes Deployment(RunnerId self, Assignment assignment, LocalEndpoints local) => new(
        assignment.Deployment,
        local.Bridge,
        [.. assignment.Services.Select(s => new ServiceRoute(s.Spec.Name, s.IstAddress, [.. s.Placements.Select(p => Instance(self, assignment.Deployment, s, p, local))]))]);

    private static InstanceRoute Instance(RunnerId self, DeploymentName deployment, ServiceAssignment service, Placement placement, LocalEndpoints local)
    {
        var instance = new InstanceId(deployment, service.Spec.Name, placement.Ordinal, placement.Generation);
        Ipv4Address? address = placement.Runner == self && local.Addresses.TryGetValue(instance, out var here) ? here : null;
        return new InstanceRoute(instance, placement.Runner, address);
    }
}

/// <summary>What is on this runner of one deployment.</summary>
/// <param name="Bridge">Its bridge; null when there is none.</param>
/// <param name="Addresses">The addresses of the containers that run.</param>
internal sealed record LocalEndpoints(BridgeNetwork? Bridge, ImmutableDictionary<InstanceId, Ipv4Address> Addresses)
{
    /// <summary>Nothing.</summary>
    public static LocalEndpoints None { get; } = new(null, ImmutableDictionary<InstanceId, Ipv4Address>.Empty);
}
