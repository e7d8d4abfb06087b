using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Deploying;

/// <summary>Whether a deployment is up; a pure reading of its document.</summary>
/// <param name="Up">Every service has its instances and all run.</param>
/// <param name="Failure">Why waiting longer makes no sense, for a person; null while it may still come up.</param>
internal sealed record DeployVerdict(bool Up, string? Failure)
{
    /// <summary>A container that ended this often under one generation is a crash loop.</summary>
    private const int CrashLoop = 3;

    /// <param name="document">As read.</param>
    /// <param name="revision">The revision that was accepted; another one on top means that somebody else changed it.</param>
    /// <param name="failuresMayBeOld">
    /// Whether the document was as it is before it was sent again, perhaps because somebody has put the cause of a failure right: then only the time limit ends the waiting.
    /// </param>
    public static DeployVerdict Of(DeploymentDocument document, long revision, bool failuresMayBeOld = false)
    {
        if (document.Revision != revision)
        {
            return new(Up: false, $"somebody else changed {document.Name} meanwhile (revision {document.Revision}, yours was {revision}): see 'warp ps {document.Name}'");
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

    private static bool Runs(InstanceDocument instance) => instance is { Phase: InstancePhase.Running, RunnerReachable: true };

    private static string? Hopeless(ServiceDocument service, InstanceDocument instance) => instance switch
    {
        { Phase: InstancePhase.BackingOff, ContainerId: null } => $"{service.Name} cannot start on {instance.Runner}: {instance.Cause}",
        { Phase: InstancePhase.BackingOff, Restarts: >= CrashLoop } => $"{service.Name} on {instance.Runner} ends again and again: {instance.Cause}. See 'warp logs'",
        _ => null,
    };
}
