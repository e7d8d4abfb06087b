using Microsoft.AspNetCore.Http;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Endpoints;

namespace Warp.Node.Http.Access;

/// <summary>Whether a caller who may change some projects may change the deployment that a request names.</summary>
/// <param name="actors">Know which project it belongs to.</param>
internal sealed class ProjectAccess(ActorGateway actors)
{
    /// <summary>Looks at the project that the deployment belongs to now; one that is not there belongs to none.</summary>
    /// <exception cref="ProblemException">The request names no deployment, or no control node answers.</exception>
    public async Task<Problem?> RefusalAsync(HttpContext context, Caller caller, AdminRole role)
    {
        var name = RouteNames.Deployment(RouteDeployment.Of(context) ?? "");
        var view = await actors.AskDeploymentAsync(new GetDeployment(name), context.RequestAborted) as DeploymentView;
        context.Features.Set(new ProjectCheck(view?.Project, view?.Revision ?? 0));
        return view is null || role.MayDeploy(view.Project) ? null : Refusal(caller, role, $"the deployment '{name}' belongs to the project '{view.Project}'", view.Project);
    }

    /// <summary>Looks at the project that the caller wants the deployment to belong to.</summary>
    /// <exception cref="ProblemException">The caller may not deploy to it.</exception>
    public static void Require(HttpContext context, string project)
    {
        if (Caller.Behind(context) is { Role: { } role } caller && !role.MayDeploy(project))
        {
            throw new ProblemException(Refusal(caller, role, $"the deployment would belong to the project '{project}'", project));
        }
    }

    private static Problem Refusal(Caller caller, AdminRole role, string reason, string project) => Problem.RoleMissing(
        $"{reason}, and {caller.Name} has the role {role}; this needs the role deploy for '{project}', or administer ('warp admin create' makes a certificate with it)");
}

/// <summary>
/// What was seen of the deployment when the caller was let through. A change is made for that revision and no later one: between the look and the change somebody could move the
/// deployment into a project that the caller may not change.
/// </summary>
/// <param name="Project">The project; null when there was no such deployment.</param>
/// <param name="Revision">The revision; 0 when there was no such deployment.</param>
internal sealed record ProjectCheck(string? Project, long Revision);
