using Warp.Cluster.Identity;

namespace Warp.Node.Http.Endpoints;

/// <summary>Names that come in a path.</summary>
internal static class RouteNames
{
    /// <exception cref="ProblemException">It is no deployment's name.</exception>
    public static DeploymentName Deployment(string text) =>
        DeploymentName.TryParse(text, out var name, out var problem) ? name : throw new ProblemException(Problem.InvalidRequest("name", problem));
}
