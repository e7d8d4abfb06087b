using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Specs;

public sealed class ServiceSpecHashTests
{
    private static readonly ServiceSpec Spec = new(
        ServiceName.Parse("db"), "postgres:15", PullPolicy.Missing, ["-p", "3211"], Variables(("B", "2"), ("a", "1")), 3211, null, 10);

    [Fact]
    public void The_hash_of_a_spec_never_changes() =>
        ServiceSpecHash.Of(Spec).ShouldBe("1e2defb12bf2d5b8d783043cae8b209f36b035038ff1ccffd51ca509e89c1831");

    [Fact]
    public void What_the_container_is_made_of_changes_the_hash()
    {
        ServiceSpec[] variants =
        [
            Spec,
            Spec with { Name = ServiceName.Parse("db2") },
            Spec with { Image = "postgres:16" },
            Spec with { Args = ["-p 3211"] },
            Spec with { Variables = Variables(("B", "2")) },
            Spec with { Port = null },
            Spec with { Resources = new ResourceLimits(MilliCpus: 500) },
            Spec with { Resources = new ResourceLimits(MemoryBytes: 500) },
            Spec with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: false)] },
            Spec with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: true)] },
        ];
        variants.Select(ServiceSpecHash.Of).Distinct(StringComparer.Ordinal).Count().ShouldBe(variants.Length);
    }

    [Fact]
    public void What_needs_no_new_container_does_not_change_the_hash() =>
        ServiceSpecHash.Of(Spec with
        {
            Pull = PullPolicy.Always,
            Runner = RunnerId.Parse("r2"),
            StopGraceSeconds = 0,
            Replicas = 3,
            Health = new HealthCheck(HealthCheckKind.Http),
            Resources = new ResourceLimits(),
            Restart = RestartPolicy.Never,
            Public = false,
            Domains = ["a.example"],
            ConnectHoldSeconds = 1,
            DrainSeconds = 1,
        }).ShouldBe(ServiceSpecHash.Of(Spec));

    private static ImmutableSortedDictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.ToImmutableSortedDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
}
