using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>The first process of one of our containers, as the engine's host sees it.</summary>
internal static class ContainerProcess
{
    /// <summary>Finds it.</summary>
    /// <returns>Its id; a failure when the container is not ours or does not run.</returns>
    public static Task<RuntimeResult<int>> FindAsync(DockerEngine engine, string containerId, CancellationToken cancellationToken) => engine.RunAsync<int>(
        $"look at container {containerId}",
        async token =>
        {
            var found = await engine.Client.Containers.InspectContainerAsync(containerId, token);
            return engine.Owner.Owns(found.Config?.Labels) && found.State is { Running: true, Pid: > 0 and var pid }
                ? (int)pid
                : new RuntimeFailure(RuntimeFailureKind.NotFound, $"container {containerId} does not run on this runner");
        },
        cancellationToken);
}
