using System.Globalization;
using Warp.Cluster.Identity;

namespace Warp.Node.Docker;

/// <summary>The names of the labels by which a node finds its containers, networks and volumes again; part of the product's contract with operators.</summary>
internal static class WarpLabels
{
    public const string Cluster = "warp.cluster";
    public const string Runner = "warp.runner";
    public const string Deployment = "warp.deployment";
    public const string Service = "warp.service";
    public const string Ordinal = "warp.ordinal";
    public const string Generation = "warp.generation";
    public const string SpecHash = "warp.spec-hash";
    public const string ImagePort = "warp.image-port";
    public const string Volume = "warp.volume";
}

/// <summary>What belongs to this runner: writes the labels, reads them, and filters by them.</summary>
internal sealed record DockerOwner(string Cluster, RunnerId Runner)
{
    /// <summary>Labels of a deployment's network.</summary>
    public Dictionary<string, string> LabelsOf(DeploymentName deployment) => new(StringComparer.Ordinal)
    {
        [WarpLabels.Cluster] = Cluster,
        [WarpLabels.Runner] = Runner.Value,
        [WarpLabels.Deployment] = deployment.Value,
    };

    /// <summary>Labels of a container.</summary>
    public Dictionary<string, string> LabelsOf(InstanceId instance, string specHash, int? imagePort)
    {
        var labels = LabelsOf(instance.Deployment);
        labels[WarpLabels.Service] = instance.Service.Value;
        labels[WarpLabels.Ordinal] = instance.Ordinal.ToString(CultureInfo.InvariantCulture);
        labels[WarpLabels.Generation] = instance.Generation.ToString(CultureInfo.InvariantCulture);
        labels[WarpLabels.SpecHash] = specHash;
        if (imagePort is { } port)
        {
            labels[WarpLabels.ImagePort] = port.ToString(CultureInfo.InvariantCulture);
        }

        return labels;
    }

    /// <summary>Labels of a volume.</summary>
    public Dictionary<string, string> LabelsOfVolume(string id) => new(StringComparer.Ordinal)
    {
        [WarpLabels.Cluster] = Cluster,
        [WarpLabels.Runner] = Runner.Value,
        [WarpLabels.Volume] = id,
    };

    /// <summary>The volume's id; null when it is not ours.</summary>
    public string? VolumeOf(IDictionary<string, string>? labels) => Owns(labels) && labels!.TryGetValue(WarpLabels.Volume, out var id) ? id : null;

    /// <summary>Whether the labels are this cluster's and this runner's.</summary>
    public bool Owns(IDictionary<string, string>? labels) =>
        labels is not null
        && labels.TryGetValue(WarpLabels.Cluster, out var cluster) && string.Equals(cluster, Cluster, StringComparison.Ordinal)
        && labels.TryGetValue(WarpLabels.Runner, out var runner) && string.Equals(runner, Runner.Value, StringComparison.Ordinal);

    /// <summary>Whose container it is; null when it is not ours or its labels were tampered with.</summary>
    public InstanceId? InstanceOf(IDictionary<string, string>? labels) =>
        Owns(labels)
        && DeploymentOf(labels) is { } deployment
        && ServiceName.TryParse(labels!.TryGetValue(WarpLabels.Service, out var name) ? name : null, out var service, out _)
        && labels.TryGetValue(WarpLabels.Ordinal, out var ordinalText) && int.TryParse(ordinalText, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
        && labels.TryGetValue(WarpLabels.Generation, out var generationText) && long.TryParse(generationText, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? new InstanceId(deployment, service, ordinal, generation)
            : null;

    /// <summary>The deployment that the labels name; null when there is none.</summary>
    public static DeploymentName? DeploymentOf(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(WarpLabels.Deployment, out var text) && DeploymentName.TryParse(text, out var deployment, out _) ? deployment : null;

    /// <summary>The engine's filter for what is ours and carries these labels as well (Docker Engine API, parameter <c>filters</c>).</summary>
    public Dictionary<string, IDictionary<string, bool>> Filter(params IEnumerable<(string Label, string Value)> more)
    {
        var labels = new Dictionary<string, bool>(StringComparer.Ordinal)
        {
            [$"{WarpLabels.Cluster}={Cluster}"] = true,
            [$"{WarpLabels.Runner}={Runner.Value}"] = true,
        };
        foreach (var (label, value) in more)
        {
            labels[$"{label}={value}"] = true;
        }

        return new(StringComparer.Ordinal) { ["label"] = labels };
    }
}
