using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Deploying;

/// <summary>Whether a change has come about; a pure reading of the deployment's document.</summary>
/// <param name="Up">Every service has its instances and all run.</param>
/// <param name="Failure">Why waiting longer makes no sense, for a person; null while it may still come up.</param>
internal sealed record DeployVerdict(bool Up, string? Failure)
{
    private const string TriedAgain = "It is tried again by itself, or goes back to the last revision that ran: see 'warp ps'; change it and deploy again, or take it away with 'warp remove'";

    /// <param name="document">As read.</param>
    /// <param name="revision">The revision that was accepted; another one on top means that somebody else changed it.</param>
    /// <param name="failuresMayBeOld">
    /// Whether the document was as it is before it was sent again, perhaps because somebody has put the cause of a failure right: then only the time limit ends the waiting.
    /// </param>
    public static DeployVerdict Of(DeploymentDocument document, long revision, bool failuresMayBeOld = false)
    {
        if (document.Revision != revision)
        {
            return new(Up: false, Overtaken(document, revision));
        }

        if (document.Rollout == RolloutState.Completed)
        {
            return new(Up: true, Failure: null);
        }

        var failure = failuresMayBeOld
            ? null
            : document.Services.SelectMany(service => service.Instances.Select(instance => Hopeless(service, instance))).FirstOrDefault(cause => cause is not null);
        return new(failure is null && document.Services.All(service => !service.Instances.IsEmpty && service.Instances.All(Runs)), failure);
    }

    /// <summary>What is still awaited, for the message when the time is over.</summary>
    public static string Awaited(DeploymentDocument document) => string.Join("; ", document.Services.SelectMany(service =>
        service.Instances.IsEmpty
            ? [$"{service.Name} waits: {service.Waiting}"]
            : service.Instances.Where(instance => !Runs(instance)).Select(instance => $"{service.Name} on {instance.Runner}: {Commands.ServiceRows.State(instance)}")));

    private static bool Runs(InstanceDocument instance) => instance is { Phase: InstancePhase.Running, RunnerReachable: true, Role: PlacementRole.Serving };

    private static string Overtaken(DeploymentDocument document, long revision) =>
        document is { Outcome: { } outcome, Rollout: not RolloutState.Completed } && document.Revision == revision + 1
            ? $"{document.Name} revision {revision} failed and the revision before it was taken up again: {outcome}. See 'warp history {document.Name}'"
            : $"somebody else changed {document.Name} meanwhile (revision {document.Revision}, yours was {revision}): see 'warp history {document.Name}'";

    // One that is to replace another fails without harm: the cluster rolls it back by itself, and says why.
    private static string? Hopeless(ServiceDocument service, InstanceDocument instance) => instance switch
    {
        { Role: not PlacementRole.Serving } => null,
        { Failure: InstanceFailure.CannotStart } => $"{service.Name} cannot start on {instance.Runner}: {instance.Cause}. {TriedAgain}",
        { Failure: InstanceFailure.CrashLoop } => $"{service.Name} on {instance.Runner} ends again and again: {instance.Cause}. See 'warp logs'. {TriedAgain}",
        _ => null,
    };
}
