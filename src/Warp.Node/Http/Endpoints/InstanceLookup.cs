using Microsoft.AspNetCore.Http;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Endpoints;

/// <summary>Finds the instance that a person means by deployment, service and ordinal.</summary>
internal static class InstanceLookup
{
    /// <summary>The instance; of several generations, the one whose part comes first: what serves, then what is to serve, then what goes.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public static async Task<InstanceView> FindAsync(ActorGateway actors, DeploymentName name, string service, int ordinal, CancellationToken cancellationToken)
    {
        var view = await actors.GetDeploymentAsync(name, cancellationToken);
        var found = view.Services.FirstOrDefault(one => string.Equals(one.Service.Value, service, StringComparison.Ordinal))
            ?? throw new ProblemException(Problem.NotFound($"the deployment '{name}' has no service '{service}'; it has: {string.Join(", ", view.Services.Select(one => one.Service.Value))}"));
        return found.Instances.Where(one => one.Ordinal == ordinal).OrderBy(one => one.Role).ThenByDescending(one => one.Generation).FirstOrDefault()
            ?? throw new ProblemException(found.Instances.IsEmpty
                ? Problem.Conflict($"'{service}' is not placed on any runner yet: {found.Waiting ?? "the placement is under way"}")
                : Problem.NotFound($"'{service}' has {found.Instances.DistinctBy(one => one.Ordinal).Count()} instances; ordinal {ordinal} is not one of them"));
    }

    /// <summary>Whether this runner has it.</summary>
    /// <exception cref="ProblemException">It does not, but another runner that passed the request on thought so.</exception>
    public static bool IsHere(InstanceView instance, RunnerForward forward, HttpContext context) =>
        instance.Runner == forward.Self || (RunnerForward.Origin(context) is { } origin
            ? throw new ProblemException(Problem.Conflict(
                $"{origin} looked for the container on {forward.Self}, and {forward.Self} knows it on {instance.Runner}: it is moving. Ask again in a few seconds"))
            : false);

    /// <summary>The instance's container.</summary>
    /// <exception cref="ProblemException">There is none yet.</exception>
    public static string ContainerOf(InstanceView instance) => instance.Observed?.ContainerId ?? throw new ProblemException(Problem.Conflict(
        $"there is no container yet (phase {instance.Observed?.Phase ?? InstancePhase.Pending}){(instance.Observed?.Cause is { } cause ? $": {cause}" : "; ask again in a few seconds")}"));
}
