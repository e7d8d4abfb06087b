using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Documents;

/// <summary>What a deployment's document would change.</summary>
/// <param name="Name">The deployment's name.</param>
/// <param name="Revision">The accepted revision now; 0 when there is no such deployment.</param>
/// <param name="Services">The services that would be touched, in the document's order, then those that would go; empty when nothing would change.</param>
internal sealed record PlanDocument(string Name, long Revision, ImmutableArray<ServicePlanDocument> Services)
{
    public static PlanDocument From(DeploymentPlanned plan) => new(plan.Deployment.Value, plan.Revision, [.. plan.Services.Select(ServicePlanDocument.From)]);
}

/// <summary>What would happen to one service.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Action">What.</param>
/// <param name="Reasons">Which fields differ and how, for a person; values of variables are never shown.</param>
/// <param name="Runners">Where its instances would be, by ordinal; empty when it goes, or when no runner can take it now.</param>
internal sealed record ServicePlanDocument(string Name, PlannedAction Action, ImmutableArray<string> Reasons, ImmutableArray<string> Runners)
{
    public static ServicePlanDocument From(ServicePlanned planned) =>
        new(planned.Service.Value, planned.Action, planned.Reasons, [.. planned.Runners.Select(runner => runner.Value)]);
}
