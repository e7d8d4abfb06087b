using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Images.Builds;

/// <summary>Where an image is built when the user leaves the choice.</summary>
internal static class BuildPlace
{
    /// <summary>The runner that has the service, whose engine has the former steps in its cache; else the one with the fewest instances.</summary>
    /// <param name="runners">Every runner.</param>
    /// <param name="deployment">The deployment; null when it is not there yet.</param>
    /// <param name="service">The service.</param>
    /// <returns>Null when no runner with a working engine can be reached.</returns>
    public static RunnerId? Choose(RunnerList runners, DeploymentView? deployment, ServiceName service)
    {
        var homes = deployment?.Services.FirstOrDefault(one => one.Service == service)?.Instances.Select(instance => instance.Runner).ToHashSet() ?? [];
        return runners.Runners
            .Where(runner => runner.Reachable && runner.Status.EngineReady)
            .OrderByDescending(runner => homes.Contains(runner.Status.Runner)).ThenBy(runner => runner.Status.Instances).ThenBy(runner => runner.Status.Runner.Value, StringComparer.Ordinal)
            .Select(runner => (RunnerId?)runner.Status.Runner)
            .FirstOrDefault();
    }
}
