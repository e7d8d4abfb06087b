using System.Collections.Immutable;
using System.Globalization;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>What differs between two specs of a service, field by field, for a person. Values of variables are never told: they may be secrets. Pure.</summary>
internal static class SpecDifference
{
    /// <summary>The differences; empty when there is none.</summary>
    public static ImmutableArray<string> Between(ServiceSpec before, ServiceSpec after) =>
    [
        .. new[]
        {
            Field("image", before.Image, after.Image),
            Field("pull", before.Pull, after.Pull),
            before.Args.SequenceEqual(after.Args, StringComparer.Ordinal) ? null : "args",
            Field("port", before.Port, after.Port),
            Field("runner", before.Runner, after.Runner),
            Field("replicas", before.Replicas, after.Replicas),
            Field("health", Text(before.Health), Text(after.Health)),
            Field("resources.cpus", Cpus(before.Resources), Cpus(after.Resources)),
            Field("resources.memory", before.Resources?.MemoryBytes, after.Resources?.MemoryBytes),
            Field("restart", before.Restart, after.Restart),
            Field("public", before.Public, after.Public),
            Field("baseUrl", before.BaseUrl, after.BaseUrl),
            Field("domains", string.Join(", ", before.Domains), string.Join(", ", after.Domains)),
            Field("stopGrace", Seconds(before.StopGraceSeconds), Seconds(after.StopGraceSeconds)),
            Field("connectHold", Seconds(before.ConnectHoldSeconds), Seconds(after.ConnectHoldSeconds)),
            Field("drain", Seconds(before.DrainSeconds), Seconds(after.DrainSeconds)),
            Field("volumes", Volumes(before), Volumes(after)),
        }.OfType<string>(),
        .. Variables(before.Variables, after.Variables),
    ];

    private static string? Field<T>(string name, T before, T after) =>
        EqualityComparer<T>.Default.Equals(before, after) ? null : $"{name}: {Show(before)} -> {Show(after)}";

    private static string Show<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "none";

    private static IEnumerable<string> Variables(ImmutableSortedDictionary<string, string> before, ImmutableSortedDictionary<string, string> after) =>
        from name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
        let change = (before.GetValueOrDefault(name), after.GetValueOrDefault(name)) switch
        {
            (null, _) => "is new",
            (_, null) => "goes",
            var (old, now) => string.Equals(old, now, StringComparison.Ordinal) ? null : "has another value",
        }
        where change is not null
        select $"variable {name} {change}";

    private static string Seconds(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds} s");

    private static decimal? Cpus(ResourceLimits? limits) => limits?.MilliCpus / 1000m;

    private static string Volumes(ServiceSpec spec) => string.Join(", ", spec.Volumes.Select(volume => $"{volume.Id} at {volume.Path} ({(volume.ReadOnly ? "ro" : "rw")})"));

    private static string Text(HealthCheck? check) => check is null
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{check.Kind.ToString().ToLowerInvariant()} {string.Join(' ', new[] { check.Port?.ToString(CultureInfo.InvariantCulture), check.Path }.Concat(check.Command).OfType<string>())} every {check.IntervalSeconds} s, {check.TimeoutSeconds} s each, {check.Retries} times, {check.StartSeconds} s to start");
}
