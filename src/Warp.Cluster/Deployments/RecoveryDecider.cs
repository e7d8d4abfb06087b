using System.Collections.Immutable;
using System.Globalization;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>
/// What follows when a runner works from a later assignment than the journal has, because an older journal was restored: the deployment goes on from what the runner holds, so that
/// nothing that runs is restarted, and its next changes are not taken for late ones. Pure.
/// </summary>
internal static class RecoveryDecider
{
    /// <summary>Other runners may have been told still later versions, which are lost: none of them may be taken for one that is made from now on.</summary>
    public const long VersionGap = 1000;

    /// <summary>Whether the runner works from a version that this journal never gave.</summary>
    public static bool IsAhead(DeploymentState state, RunnerReport report) => report.AssignmentVersion > state.Version;

    /// <summary>Takes over what the runner holds.</summary>
    /// <param name="state">The state; possibly that of a deployment that the journal has never heard of.</param>
    /// <param name="report">The runner's report.</param>
    /// <param name="sight">The world.</param>
    /// <param name="range">Where addresses come from.</param>
    /// <param name="wishIsNewer">Whether a wish was accepted after the restore: then it is carried out from there.</param>
    /// <returns>Nothing when there is nothing to take over. A removal is none: what was removed since the backup is wished again.</returns>
    public static Decision Recover(DeploymentState state, RunnerReport report, RolloutSight sight, Ipv4Range range, bool wishIsNewer)
    {
        if (report.Held is not { Removed: false } held || held.Version <= state.Version || !held.Services.Any(IsWished))
        {
            return Decision.Nothing;
        }

        ImmutableArray<IDeploymentEvent> events = [Wish(state, report.Runner, held, sight.Now), Placements(held, sight.Now)];
        return wishIsNewer ? WishDecider.Again(state, events, sight, range) : Decision.Accept(events);
    }

    private static SpecApplied Wish(DeploymentState state, RunnerId runner, Assignment held, DateTimeOffset now)
    {
        var services = held.Services.Where(IsWished).ToList();
        return new SpecApplied(
            state.Revision + 1,
            NextVersion(held),
            new DeploymentSpec(held.Deployment, held.Project, held.Environment, [.. services.Select(service => service.Spec)]),
            [.. services.Select(service => new ServiceAddress(service.Spec.Name, service.IstAddress, ServiceSpecHash.Of(service.Spec)))],
            now,
            string.Create(CultureInfo.InvariantCulture, $"taken over from the runner {runner}: it works from version {held.Version}, the journal had only {state.Version}"));
    }

    private static PlacementsRecovered Placements(Assignment held, DateTimeOffset now) => new(
        [.. held.Services.Where(IsWished).SelectMany(service => Placed(service, held, now))],
        [.. held.Services.Where(IsWished).Select(service => service.FormerSpec).OfType<ServiceSpec>()],
        [.. held.Services.Where(service => !IsWished(service)).Select(service => new LeavingService(service.Spec, service.IstAddress, [.. Placed(service, held, now)]))]);

    private static IEnumerable<ServicePlacement> Placed(ServiceAssignment service, Assignment held, DateTimeOffset now) =>
        from placement in service.Placements
        let spec = placement.FormerSpec ? service.FormerSpec ?? service.Spec : service.Spec
        select new ServicePlacement(service.Spec.Name, placement with { FormerSpec = false }, ServiceSpecHash.Of(spec), now, NextVersion(held));

    private static long NextVersion(Assignment held) => held.Version + VersionGap;

    /// <summary>Of a service that leaves, all that is left retires; a wished one has something else, or nothing at all while it waits for a runner.</summary>
    private static bool IsWished(ServiceAssignment service) =>
        service.Placements.IsEmpty || service.Placements.Any(placement => placement.Role != PlacementRole.Retiring);
}
