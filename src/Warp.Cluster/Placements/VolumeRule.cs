using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Placements;

/// <summary>A service goes only where its volumes are.</summary>
internal static class VolumeRule
{
    /// <summary>The ids of the volumes that the service needs and the runner does not have; empty when it has them all.</summary>
    public static ImmutableArray<string> Missing(ServiceSpec service, RunnerView runner) =>
        [.. service.Volumes.Select(volume => volume.Id).Distinct(StringComparer.Ordinal).Except(runner.Status.Volumes, StringComparer.Ordinal)];

    /// <summary>The volumes that the service needs, for a person.</summary>
    public static string Names(ServiceSpec service) =>
        string.Join(", ", service.Volumes.Select(volume => $"the volume '{volume.Id}'").Distinct(StringComparer.Ordinal));

    /// <summary>What to do about them, for a person.</summary>
    /// <param name="missing">At least one id.</param>
    /// <param name="runner">Where they are to be; null when it may be any runner.</param>
    public static string Advice(ImmutableArray<string> missing, RunnerId? runner)
    {
        var (who, where) = runner is { } named ? ($"'{named}' has not", named.Value) : ("no runner has", "RUNNER");
        var what = (missing.Length == 1 ? "the volume " : "the volumes ") + string.Join(" and ", missing.Select(id => $"'{id}'"));
        return $"{who} {what}; {string.Join(" and ", missing.Select(id => $"run 'warp volume create {id} --runner {where}'"))}";
    }
}
