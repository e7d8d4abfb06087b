using Warp.Cluster.Identity;

namespace Warp.Node.Http.Endpoints;

/// <summary>Names that come in a request.</summary>
internal static class RouteNames
{
    /// <exception cref="ProblemException">It is no deployment's name.</exception>
    public static DeploymentName Deployment(string text) =>
        DeploymentName.TryParse(text, out var name, out var problem) ? name : throw new ProblemException(Problem.InvalidRequest("name", problem));

    /// <exception cref="ProblemException">It is no service's name.</exception>
    public static ServiceName Service(string text) =>
        ServiceName.TryParse(text, out var name, out var problem) ? name : throw new ProblemException(Problem.InvalidRequest("service", problem));

    /// <exception cref="ProblemException">It is no runner's name.</exception>
    public static RunnerId Runner(string text) =>
        RunnerId.TryParse(text, out var name, out var problem) ? name : throw new ProblemException(Problem.InvalidRequest("runner", problem));
}
