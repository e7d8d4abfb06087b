using Warp.Cluster.Containers;
using Warp.Node.Diagnosis.Paths;

namespace Warp.Node.Http;

/// <summary>What a person may ask of the containers and volumes of this node's runner.</summary>
/// <param name="Logs">Containers' output.</param>
/// <param name="Exec">Programs inside containers.</param>
/// <param name="Volumes">The runner's volumes.</param>
/// <param name="Paths">Containers' own view of the network.</param>
public sealed record LocalContainers(IContainerLogs Logs, IContainerExec Exec, IContainerVolumes Volumes, IPathProbe Paths);
