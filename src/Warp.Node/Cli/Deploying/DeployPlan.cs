using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Deploying;

/// <summary>What a deployment would change, as it is shown before it happens.</summary>
internal static class DeployPlan
{
    private static readonly IReadOnlyList<string> Heads = ["service", "change", "runner", "why"];

    /// <summary>Asks the node. Images that are still to be built stand in the plan as such.</summary>
    public static async Task<PlanDocument> AskAsync(NodeClient node, DeployInput input, CancellationToken cancellationToken)
    {
        var plan = await node.PlanAsync(input.Name, input.Document(new Dictionary<string, string>(StringComparer.Ordinal)), cancellationToken);
        var built = input.Builds.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        return plan with { Services = [.. plan.Services.Select(service => built.Contains(service.Name) ? ToBeBuilt(service) : service)] };
    }

    public static void Print(PlanDocument plan, CommandOutput output)
    {
        if (plan.Services.IsEmpty)
        {
            output.Line($"{plan.Name}: nothing would change (revision {plan.Revision}).");
            return;
        }

        output.Line(plan.Revision == 0 ? $"{plan.Name} would be made:" : $"{plan.Name} would change (revision {plan.Revision} now):");
        output.Table(Heads, plan.Services.Select(IReadOnlyList<string> (service) =>
        [
            service.Name,
            Word(service.Action),
            service.Runners.IsEmpty ? "-" : string.Join(", ", service.Runners.GroupBy(runner => runner, StringComparer.Ordinal).Select(group => group.Count() == 1 ? group.Key : $"{group.Key} x{group.Count()}")),
            string.Join("; ", service.Reasons),
        ]));
    }

    private static ServicePlanDocument ToBeBuilt(ServicePlanDocument service) => service with
    {
        Reasons = [.. service.Reasons.Where(reason => !reason.Contains(DeployInput.Unbuilt, StringComparison.Ordinal)), "its image would be built; the same content gives the same image, and changes nothing"],
    };

    private static string Word(PlannedAction action) => action switch
    {
        PlannedAction.Create => "create",
        PlannedAction.Replace => "replace, new first",
        PlannedAction.StopAndReplace => "stop, then replace",
        PlannedAction.Move => "move",
        PlannedAction.Scale => "scale",
        PlannedAction.Update => "update, no restart",
        PlannedAction.Remove => "remove",
        _ => action.ToString(),
    };
}
