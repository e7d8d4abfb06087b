using System.Collections.Immutable;
using CsCheck;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Tests.Interception.Bed;

namespace Warp.Node.Tests.Interception.Rules;

/// <summary>Snapshots of a small world, so that two of them have much in common: up to 4 deployments, 5 services each, replicas here and elsewhere.</summary>
internal static class RandomRoutes
{
    private const int MaxDeployments = 4;

    private static Gen<InstanceSeed> Instance { get; } = Gen.Select(
        Gen.Int[0, 2],
        Gen.Long[1, 3],
        Gen.Bool,
        Gen.Int[0, 6],
        Gen.Enum<PlacementRole>(),
        Gen.Bool,
        (ordinal, generation, here, host, role, ready) => new InstanceSeed(ordinal, generation, here, host, role, ready));

    private static Gen<InstanceSeed[][]> Services { get; } = Instance.Array[0, 3].Array[0, 5];

    private static Gen<ChangeSeed> Change { get; } = Gen.Select(
        Gen.Int[0, MaxDeployments - 1], Gen.Int[0, 9], Gen.Int[0, MaxDeployments - 1], Services, (number, kind, other, services) => new ChangeSeed(number, kind, other, services));

    public static Gen<RunnerRoutes> Any { get; } =
        Gen.Select(Gen.Int[0, 9], Services).Array[0, MaxDeployments].Select(
            deployments => Routes.Of([.. deployments.Select((seed, number) => seed.Item1 == 0 ? Unmade(number, seed.Item2) : Deployment(number, seed.Item2))]));

    /// <summary>Snapshots one after the other, in each of which one deployment comes, goes or changes; now and then it claims the bridge or the subnet of another one.</summary>
    public static Gen<RunnerRoutes[]> Sequence { get; } = Change.Array[1, 12].Select(changes =>
    {
        var deployments = ImmutableSortedDictionary<int, DeploymentRoutes>.Empty;
        var snapshots = new List<RunnerRoutes>();
        foreach (var change in changes)
        {
            deployments = change.Kind switch
            {
                0 => deployments.Remove(change.Number),
                1 => deployments.SetItem(change.Number, Unmade(change.Number, change.Services)),
                2 => deployments.SetItem(change.Number, Deployment(change.Number, change.Services, bridge: change.Other)),
                3 => deployments.SetItem(change.Number, Deployment(change.Number, change.Services, subnet: change.Other)),
                _ => deployments.SetItem(change.Number, Deployment(change.Number, change.Services)),
            };
            snapshots.Add(Routes.Of([.. deployments.Values]));
        }

        return snapshots.ToArray();
    });

    private static DeploymentRoutes Unmade(int number, InstanceSeed[][] services) => Deployment(number, services) with { Bridge = null };

    private static DeploymentRoutes Deployment(int number, InstanceSeed[][] services, int? bridge = null, int? subnet = null) => Routes.Deployment(
        $"d{number}", $"warp-t{bridge ?? number}", $"10.208.{subnet ?? number}.0/24", [.. services.Select((instances, i) => Service(subnet ?? number, i, instances))]);

    private static ServiceRoute Service(int subnet, int number, InstanceSeed[] instances) =>
        Routes.Service($"s{number}", $"10.201.0.{number + 1}", [.. instances.Select(seed => Routes.Instance(
            $"s{number}",
            seed.Ordinal,
            seed.Here ? Routes.Self : RunnerId.Parse("there"),
            seed is { Here: true, Host: > 0 } ? $"10.208.{subnet}.{(number * 10) + seed.Host + 1}" : null,
            seed.Generation,
            seed.Role,
            seed.Ready))]);

    private sealed record InstanceSeed(int Ordinal, long Generation, bool Here, int Host, PlacementRole Role, bool Ready);

    private sealed record ChangeSeed(int Number, int Kind, int Other, InstanceSeed[][] Services);
}
