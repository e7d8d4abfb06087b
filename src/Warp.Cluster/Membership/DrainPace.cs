using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Membership;

/// <summary>Whose turn it is to leave runners that are being drained: a few services of each at once, so that the others are not flooded with starting containers. Pure.</summary>
internal static class DrainPace
{
    /// <summary>So many services leave a runner at the same time.</summary>
    public const int AtOnce = 4;

    /// <summary>One that has not left by then, because it does not become ready elsewhere, goes on trying, but keeps nobody else waiting.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The turns as they are now.</summary>
    /// <param name="drains">The runners.</param>
    /// <param name="deployments">What is placed where.</param>
    /// <param name="granted">When each turn was given that was given before and whose service has not left yet.</param>
    /// <param name="now">The time.</param>
    /// <returns>Each turn with the time at which it was given last. Turns of services that have left are not among them, waiting ones neither.</returns>
    public static ImmutableDictionary<MakeWay, DateTimeOffset> Next(
        RunnerDrains drains, ImmutableArray<DeploymentView> deployments, ImmutableDictionary<MakeWay, DateTimeOffset> granted, DateTimeOffset now)
    {
        var turns = ImmutableDictionary.CreateBuilder<MakeWay, DateTimeOffset>();
        foreach (var runner in Leaving(drains, deployments).GroupBy(turn => turn.Runner))
        {
            var inTurn = runner.Where(turn => IsFresh(turn)).ToList();
            var next = runner.Where(turn => !IsFresh(turn)).OrderBy(turn => granted.GetValueOrDefault(turn, DateTimeOffset.MinValue)).Take(AtOnce - inTurn.Count).ToList();
            turns.AddRange(inTurn.Select(turn => KeyValuePair.Create(turn, granted[turn])));
            turns.AddRange(next.Select(turn => KeyValuePair.Create(turn, now)));
            turns.AddRange(runner.Except(inTurn).Except(next).Where(granted.ContainsKey).Select(turn => KeyValuePair.Create(turn, granted[turn])));
        }

        return turns.ToImmutable();

        bool IsFresh(MakeWay turn) => granted.TryGetValue(turn, out var at) && now - at < Patience;
    }

    private static IEnumerable<MakeWay> Leaving(RunnerDrains drains, ImmutableArray<DeploymentView> deployments) =>
        from deployment in deployments
        where !deployment.Removing
        from service in deployment.Services
        from runner in service.Instances
            .Where(instance => instance is { Role: PlacementRole.Serving, Stays: null } && drains.Find(instance.Runner) is not null)
            .Select(instance => instance.Runner)
            .Distinct()
        select new MakeWay(deployment.Deployment, service.Service, runner);
}
