using System.Collections.Immutable;
using System.Globalization;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Placements;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>What speaks against a spec as things are. Pure.</summary>
internal static class WishChecks
{
    /// <summary>The problems; empty when there is none.</summary>
    public static ImmutableArray<SpecProblem> Of(DeploymentState state, DeploymentSpec wish, RunnerDirectory directory) =>
    [
        .. wish.Services
            .Select((service, index) => service.Runner is { } named && Of(state, service, named, directory) is { } problem
                ? new SpecProblem(string.Create(CultureInfo.InvariantCulture, $"services[{index}].runner"), problem)
                : null)
            .OfType<SpecProblem>(),
    ];

    /// <summary>A runner that is not known yet may still come; one that a service has to leave its volumes for must have them.</summary>
    private static string? Of(DeploymentState state, ServiceSpec service, RunnerId named, RunnerDirectory directory)
    {
        if (directory.Find(named) is not { } runner)
        {
            return directory.Settled && !state.Runners.Contains(named)
                ? $"the runner '{named}' is not known; known are {string.Join(", ", directory.Runners.Select(r => r.Status.Runner))}; start its node, or name another or none"
                : null;
        }

        if (runner.Drain is not null && !state.Placements.Any(placed => placed.Service == service.Name && placed.Placement.Runner == named))
        {
            return $"the runner '{named}' is being drained; run 'warp undrain {named}', or name another or none";
        }

        var elsewhere = state.Services.FirstOrDefault(known => known.Service == service.Name)?.Placements
            .FirstOrDefault(placed => placed.Placement.Role == PlacementRole.Serving && placed.Placement.Runner != named);
        return elsewhere is not null && VolumeRule.Missing(service, runner) is { IsEmpty: false } missing
            ? $"'{service.Name}' cannot go from '{elsewhere.Placement.Runner}' to '{named}': {VolumeRule.Advice(missing, named)}"
            : null;
    }
}
