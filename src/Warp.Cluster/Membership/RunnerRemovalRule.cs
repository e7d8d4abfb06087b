using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Membership;

/// <summary>Whether a runner may be removed, and what the removal says. Pure.</summary>
internal static class RunnerRemovalRule
{
    // The enrolments are given by another machine's clock. A removal ends those of the next hour too; whoever adds the name again takes a higher number.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromHours(1);

    /// <summary>Why not, with the next step, for a person; null when it may be.</summary>
    /// <param name="wish">Who, and whether at all costs.</param>
    /// <param name="directory">The runners.</param>
    /// <param name="deployments">What is placed where.</param>
    public static string? Refusal(RemoveRunner wish, RunnerDirectory directory, ImmutableArray<DeploymentView> deployments)
    {
        var runner = directory.Find(wish.Runner);
        if (runner is { Status.Certificates.Signs: true })
        {
            return $"{wish.Runner} holds the cluster's CA, without which nobody can be added or renewed; move the folder 'ca' to another control node first";
        }

        if (wish.Force)
        {
            return null;
        }

        if (runner is null)
        {
            return $"no runner '{wish.Runner}' has reported to this control node; see 'warp runners', or say --force if it was lost before this control node started";
        }

        ImmutableArray<string> placed =
        [
            .. from deployment in deployments
               from service in deployment.Services
               where service.Instances.Any(instance => instance.Runner == wish.Runner)
               select $"{deployment.Deployment}/{service.Service}",
        ];
        return placed.IsEmpty
            ? null
            : $"{wish.Runner} has {string.Join(", ", placed)}; move or remove them first, or say --force: then what is bound to no runner is started elsewhere, and the rest waits for another wish";
    }

    /// <summary>The removal.</summary>
    public static RunnerRemoval Of(RunnerId runner, RunnerDirectory directory, DateTimeOffset now) =>
        new(runner, Math.Max((now + ClockMargin).ToUnixTimeSeconds(), directory.Find(runner)?.Status.Certificates?.Enrolment ?? 0), now);
}
