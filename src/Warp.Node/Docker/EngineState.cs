using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>What the engine says of itself (Docker Engine API, "Get system information").</summary>
/// <param name="Version">Its version.</param>
/// <param name="StorageDriver">Where it keeps layers.</param>
/// <param name="LiveRestore">Whether containers outlive a restart of it.</param>
/// <param name="RootFolder">Where images, containers and volumes are.</param>
internal sealed record EngineState(string Version, string StorageDriver, bool LiveRestore, string RootFolder)
{
    /// <summary>Asks the engine.</summary>
    public static Task<RuntimeResult<EngineState>> ReadAsync(DockerEngine engine, TimeSpan deadline, CancellationToken cancellationToken) => engine.RunAsync<EngineState>(
        "ask it for its state",
        deadline,
        async token =>
        {
            var info = await engine.Client.System.GetSystemInfoAsync(token);
            return new EngineState(info.ServerVersion, info.Driver, info.LiveRestoreEnabled, info.DockerRootDir);
        },
        cancellationToken);
}
