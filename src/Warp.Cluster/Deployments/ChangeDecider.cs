using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>A wish that changes one thing: it makes the spec that has it, and that one is applied. Pure.</summary>
internal static class ChangeDecider
{
    private const int MaxReplicas = 100;

    /// <summary>Decides.</summary>
    public static Decision Decide(DeploymentState state, DeploymentChange change, RolloutSight sight, Ipv4Range range, string? request)
    {
        if (!state.IsWanted)
        {
            return new Decision([], new DeploymentNotFound(state.Deployment));
        }

        return change switch
        {
            MoveService move => Edit(move.Service, service => service with { Runner = move.Runner }, $"move of {move.Service} to {move.Runner}"),
            ScaleService { Replicas: < 1 or > MaxReplicas } => Decision.Refuse(state.Deployment, "replicas", $"a service has 1 to {MaxReplicas} instances; to take it away, remove it from the spec"),
            ScaleService scale when Shared(scale) is { } problem => Decision.Refuse(state.Deployment, "replicas", problem),
            ScaleService scale => Edit(scale.Service, service => service with { Replicas = scale.Replicas }, $"scale of {scale.Service} to {scale.Replicas}"),
            RestartServices { Service: null } => Apply(state.Spec!, new WishOrigin("restart", request) { Fresh = [.. state.Spec!.Services.Select(service => service.Name)] }),
            RestartServices { Service: { } one } => Known(one) ?? Apply(state.Spec!, new WishOrigin($"restart of {one}", request) { Fresh = [one] }),
            RollBack { Revision: null } when RevisionHistory.LastCompleted(state) is null => Decision.Refuse(
                state.Deployment, "revision", $"no revision before {state.Revision} was ever serving completely; name one of 'warp history'"),
            RollBack back => RollBack(back.Revision ?? RevisionHistory.LastCompleted(state)!.Value, back.Project),
            _ => throw new ArgumentException($"no rule for {change.GetType().Name}", nameof(change)),
        };

        Decision Apply(DeploymentSpec spec, WishOrigin origin) => WishDecider.Apply(state, spec, sight, range, origin);

        Decision? Known(ServiceName name) => state.Spec!.Services.Any(service => service.Name == name)
            ? null
            : Decision.Refuse(state.Deployment, "service", $"there is no service '{name}'; there are {string.Join(", ", state.Spec.Services.Select(service => service.Name))}");

        string? Shared(ScaleService scale) =>
            state.Spec!.Services.FirstOrDefault(service => service.Name == scale.Service) is { } service ? SpecValidator.ReplicasProblem(scale.Replicas, service.Volumes) : null;

        Decision Edit(ServiceName name, Func<ServiceSpec, ServiceSpec> edit, string reason) => Known(name)
            ?? Apply(state.Spec! with { Services = [.. state.Spec.Services.Select(service => service.Name == name ? edit(service) : service)] }, new WishOrigin(reason, request));

        Decision RollBack(long revision, string? project) => RevisionHistory.Find(state, revision) switch
        {
            null => Decision.Refuse(state.Deployment, "revision", $"revision {revision} is not kept; kept are {string.Join(", ", RevisionHistory.Numbers(state))}"),
            { } spec when project is not null && !string.Equals(spec.Project, project, StringComparison.Ordinal) => Decision.Refuse(
                state.Deployment, "revision", $"the deployment belonged to the project '{spec.Project}' at revision {revision}, and this rollback may not take it out of '{project}'"),
            { } spec => Apply(spec, new WishOrigin($"rollback from {state.Revision} to {revision}", request)),
        };
    }
}
