using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Node.Docker;

namespace Warp.Node.Diagnosis.Checks;

/// <summary>Whether the container engine answers, and what its restart would cost.</summary>
internal sealed class EngineCheck(DockerEngine engine) : ICheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Name => "engine";

    /// <inheritdoc/>
    public async Task<ImmutableArray<Finding>> LookAsync(CancellationToken cancellationToken) => Judge(await EngineState.ReadAsync(engine, Deadline, cancellationToken));

    internal static ImmutableArray<Finding> Judge(RuntimeResult<EngineState> answer) => answer switch
    {
        { Failure: { } failure } => [Finding.Problem(
            "engine", failure.Message, "containers and their connections go on meanwhile; 'systemctl status docker' and 'journalctl -u docker' say why, 'systemctl restart docker' mends most")],
        { Value.LiveRestore: false } => [Finding.Warning(
            "engine",
            $"Docker {answer.Value.Version} ({answer.Value.StorageDriver}) stops every container when it is restarted or upgraded",
            "put \"live-restore\": true into /etc/docker/daemon.json, then 'systemctl reload docker'")],
        _ => [Finding.Ok("engine", $"Docker {answer.Value!.Version} ({answer.Value.StorageDriver}), whose containers outlive its restart")],
    };
}
