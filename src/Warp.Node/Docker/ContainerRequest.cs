using Docker.DotNet.Models;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>Turns a plan into the engine's create request.</summary>
internal static class ContainerRequest
{
    /// <summary>
    /// The engine neither restarts the container (the node supervises it, with reasons and back-off) nor publishes a port on the host;
    /// its log files cannot fill the disk.
    /// </summary>
    public static CreateContainerParameters From(ContainerPlan plan, string name, IDictionary<string, string> labels) => new()
    {
        Name = name,
        Image = plan.Image,
        Hostname = DockerNames.Hostname(plan.Instance.Service),
        Cmd = plan.Args.IsEmpty ? null : [.. plan.Args],
        Env = [.. plan.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
        Labels = labels,
        HostConfig = new HostConfig
        {
            NetworkMode = plan.NetworkId,
            ExtraHosts = [.. plan.Hosts.Select(host => $"{host.Name}:{host.Address}")],
            RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No },
            Init = false,
            LogConfig = new LogConfig
            {
                Type = "json-file",
                Config = new Dictionary<string, string>(StringComparer.Ordinal) { ["max-size"] = "10m", ["max-file"] = "3" },
            },
        },
    };
}
