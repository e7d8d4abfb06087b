using CsCheck;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Tests.Interception.Bed;

namespace Warp.Node.Tests.Interception.Rules;

/// <summary>Snapshots of a small world, so that two of them have much in common: up to 4 deployments, 5 services each, replicas here and elsewhere.</summary>
internal static class RandomRoutes
{
    private static Gen<InstanceSeed> Instance { get; } = Gen.Select(
        Gen.Int[0, 2],
        Gen.Long[1, 3],
        Gen.Bool,
        Gen.Int[0, 6],
        Gen.Enum<PlacementRole>(),
        Gen.Bool,
        (ordinal, generation, here, host, role, ready) => new InstanceSeed(ordinal, generation, here, host, role, ready));

    private static Gen<InstanceSeed[][]> Services { get; } = Instance.Array[0, 3].Array[0, 5];

    public static Gen<RunnerRoutes> Any { get; } =
        Gen.Select(Gen.Int[0, 9], Services).Array[0, 4].Select(
            deployments => Routes.Of([.. deployments.Select((seed, number) => Deployment(number, seed.Item2, unmade: seed.Item1 == 0))]));

    private static DeploymentRoutes Deployment(int number, InstanceSeed[][] services, bool unmade)
    {
        var routes = Routes.Deployment(
            $"d{number}", $"warp-t{number}", $"10.208.{number}.0/24", [.. services.Select((instances, i) => Service(number, i, instances))]);
        return unmade ? routes with { Bridge = null } : routes;
    }

    private static ServiceRoute Service(int deployment, int number, InstanceSeed[] instances) =>
        Routes.Service($"s{number}", $"10.201.0.{number + 1}", [.. instances.Select(seed => Routes.Instance(
            $"s{number}",
            seed.Ordinal,
            seed.Here ? Routes.Self : RunnerId.Parse("there"),
            seed is { Here: true, Host: > 0 } ? $"10.208.{deployment}.{(number * 10) + seed.Host + 1}" : null,
            seed.Generation,
            seed.Role,
            seed.Ready))]);

    private sealed record InstanceSeed(int Ordinal, long Generation, bool Here, int Host, PlacementRole Role, bool Ready);
}
