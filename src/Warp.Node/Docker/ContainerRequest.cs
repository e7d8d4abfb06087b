using System.Collections.Immutable;
using Docker.DotNet.Models;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using VolumeNeed = Warp.Cluster.Specs.VolumeNeed;

namespace Warp.Node.Docker;

/// <summary>Turns a plan into the engine's create request.</summary>
internal static class ContainerRequest
{
    private const long NanoCpusPerMilliCpu = 1_000_000;

    /// <summary>
    /// The engine neither restarts the container (the node supervises it, with reasons and back-off) nor publishes a port on the host;
    /// its log files cannot fill the disk. It has no raw sockets, with which it could pass for another container of its bridge; ping does without (ping_group_range).
    /// </summary>
    /// <param name="plan">What is to be made.</param>
    /// <param name="name">The container's name.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="owner">Names its volumes.</param>
    /// <param name="furtherNameServers">Whom it asks for names when the plan's name server does not answer.</param>
    public static CreateContainerParameters From(ContainerPlan plan, string name, IDictionary<string, string> labels, DockerOwner owner, ImmutableArray<Ipv4Address> furtherNameServers) => new()
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
            DNS = plan.NameServer is { } first ? [.. furtherNameServers.Prepend(first).Select(server => server.ToString())] : null,
            RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No },
            Init = false,
            CapDrop = ["NET_RAW"],
            NanoCPUs = (plan.Resources?.MilliCpus ?? 0) * NanoCpusPerMilliCpu,
            Memory = plan.Resources?.MemoryBytes ?? 0,
            Mounts = [.. plan.Volumes.Select(volume => Mount(volume, owner))],
            LogConfig = new LogConfig
            {
                Type = "json-file",
                Config = new Dictionary<string, string>(StringComparer.Ordinal) { ["max-size"] = "10m", ["max-file"] = "3" },
            },
        },
    };

    private static Mount Mount(VolumeNeed volume, DockerOwner owner) => new()
    {
        Type = "volume",
        Source = DockerNames.Volume(owner, volume.Id),
        Target = volume.Path,
        ReadOnly = volume.ReadOnly,
    };
}
