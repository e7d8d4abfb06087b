using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Endpoints;

/// <summary>
/// Puts together a runner's routes: who is where from the assignments, and what really runs here from the engine. A deployment of which neither has changed keeps its part, as the same
/// object, so that whoever works from the routes sees at once what is new.
/// </summary>
/// <param name="self">This runner.</param>
internal sealed class RunnerRoutesAssembly(RunnerId self)
{
    private Dictionary<DeploymentName, Part> _parts = [];

    /// <summary>The snapshot, deployments in the order of their names. Deployments without a placement here are left out: nothing of theirs may pass.</summary>
    /// <param name="assignments">All of this runner, by deployment.</param>
    /// <param name="local">What is here, by deployment; nothing is, where one is missing.</param>
    /// <param name="peers">All known runners; this one is left out.</param>
    public RunnerRoutes Assemble(
        IReadOnlyDictionary<DeploymentName, Assignment> assignments, IReadOnlyDictionary<DeploymentName, LocalEndpoints> local, IEnumerable<Peer> peers)
    {
        var parts = new Dictionary<DeploymentName, Part>(assignments.Count);
        foreach (var (name, assignment) in assignments)
        {
            var here = local.GetValueOrDefault(name, LocalEndpoints.None);
            var kept = _parts.GetValueOrDefault(name);
            parts[name] = kept is not null && ReferenceEquals(kept.Assignment, assignment) && ReferenceEquals(kept.Local, here)
                ? kept
                : new Part(assignment, here, Deployment(assignment, here));
        }

        _parts = parts;
        return new RunnerRoutes(
            self,
            [.. parts.Values.Select(part => part.Routes).OfType<DeploymentRoutes>().OrderBy(routes => routes.Deployment.Value, StringComparer.Ordinal)],
            [.. peers.Where(p => p.Runner != self).OrderBy(p => p.Runner.Value, StringComparer.Ordinal)]);
    }

    private DeploymentRoutes? Deployment(Assignment assignment, LocalEndpoints local) =>
        assignment.Services.Any(s => s.Placements.Any(p => p.Runner == self))
            ? new DeploymentRoutes(assignment.Deployment, local.Bridge, [.. assignment.Services.Select(s => Service(assignment.Deployment, s, local))])
            : null;

    private ServiceRoute Service(DeploymentName deployment, ServiceAssignment service, LocalEndpoints local) => new(
        service.Spec.Name,
        service.IstAddress,
        [.. service.Placements.Select(p => Instance(deployment, service, p, local))],
        service.Spec.ConnectHoldSeconds,
        service.Spec.Public ? service.Spec.Port ?? ImagePort(deployment, service, local) ?? ContainerEnvironment.DefaultPort : null);

    /// <summary>The newest image's port, as far as a container of it is here.</summary>
    private static int? ImagePort(DeploymentName deployment, ServiceAssignment service, LocalEndpoints local) => service.Placements
        .OrderByDescending(p => p.Generation)
        .Select(p => local.Endpoints.GetValueOrDefault(new InstanceId(deployment, service.Spec.Name, p.Ordinal, p.Generation))?.ImagePort)
        .FirstOrDefault(port => port is not null);

    private InstanceRoute Instance(DeploymentName deployment, ServiceAssignment service, Placement placement, LocalEndpoints local)
    {
        var instance = new InstanceId(deployment, service.Spec.Name, placement.Ordinal, placement.Generation);
        var here = placement.Runner == self ? local.Endpoints.GetValueOrDefault(instance) : null;
        return new InstanceRoute(instance, placement.Runner, here?.Address, placement.Role, placement.Runner != self || here is { Ready: true });
    }

    /// <param name="Assignment">What it was made from.</param>
    /// <param name="Local">And this.</param>
    /// <param name="Routes">Null when the deployment has no placement here.</param>
    private sealed record Part(Assignment Assignment, LocalEndpoints Local, DeploymentRoutes? Routes);
}

/// <summary>What is on this runner of one deployment.</summary>
/// <param name="Bridge">Its bridge; null when there is none.</param>
/// <param name="Endpoints">The containers that run.</param>
internal sealed record LocalEndpoints(BridgeNetwork? Bridge, ImmutableDictionary<InstanceId, LocalEndpoint> Endpoints)
{
    /// <summary>Nothing.</summary>
    public static LocalEndpoints None { get; } = new(null, ImmutableDictionary<InstanceId, LocalEndpoint>.Empty);
}

/// <summary>One container that runs.</summary>
/// <param name="Address">Its address on the bridge.</param>
/// <param name="Ready">Whether it may take connections.</param>
/// <param name="ImagePort">Its image's single EXPOSEd TCP port; null when none or several.</param>
internal sealed record LocalEndpoint(Ipv4Address Address, bool Ready, int? ImagePort = null);
