using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Deploying;

/// <summary>Whether a change has come about; a pure reading of the deployment's document.</summary>
/// <param name="Up">Every instance serves, and no old one is left.</param>
/// <param name="Failure">Why waiting longer makes no sense, for a person; null while it may still come up.</param>
internal sealed record DeployVerdict(bool Up, string? Failure)
{
    private const string TriedAgain = "It is tried again by itself, or goes back to the last revision that ran: see 'warp ps'; change it and deploy again, or take it away with 'warp remove'";

    /// <param name="document">As read, at the revision that was accepted.</param>
    /// <param name="failuresMayBeOld">
    /// Whether the document was as it is before it was sent again, perhaps because somebody has put the cause of a failure right: then only the time limit ends the waiting.
    /// </param>
    public static DeployVerdict Of(DeploymentDocument document, bool failuresMayBeOld = false)
    {
        // Rolled back and in place: what was accepted is what an earlier failure went back to.
        if (document.Rollout is RolloutState.Completed or RolloutState.RolledBack)
        {
            return new(Up: true, Failure: null);
        }

        return new(Up: false, failuresMayBeOld
            ? null
            : document.Services.SelectMany(service => service.Instances.Select(instance => Hopeless(service, instance))).FirstOrDefault(cause => cause is not null));
    }

    /// <summary>What is still awaited, for the message when the time is over.</summary>
    public static string Awaited(DeploymentDocument document) => document.Outcome ?? string.Join("; ", document.Services.SelectMany(service =>
        service.Instances.IsEmpty
            ? [$"{service.Name} waits: {service.Waiting}"]
            : service.Instances.Where(instance => !Runs(instance)).Select(instance => $"{service.Name} on {instance.Runner}: {Commands.ServiceRows.State(instance)}")));

    private static bool Runs(InstanceDocument instance) => instance is { Phase: InstancePhase.Running, RunnerReachable: true, Role: PlacementRole.Serving };

    // One that is to replace another fails without harm: the cluster rolls it back by itself, and says why.
    private static string? Hopeless(ServiceDocument service, InstanceDocument instance) => instance switch
    {
        { Role: not PlacementRole.Serving } => null,
        { Failure: InstanceFailure.CannotStart } => $"{service.Name} cannot start on {instance.Runner}: {instance.Cause}. {TriedAgain}",
        { Failure: InstanceFailure.CrashLoop } => $"{service.Name} on {instance.Runner} ends again and again: {instance.Cause}. See 'warp logs'. {TriedAgain}",
        _ => null,
    };
}
