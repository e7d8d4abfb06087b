using System.Globalization;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary>The lines that show a deployment: one for each instance, and one for each service that has none.</summary>
internal static class ServiceRows
{
    /// <summary>Deployment, service, state, runner, address, port, image.</summary>
    public static IEnumerable<IReadOnlyList<string>> Of(DeploymentDocument deployment) =>
        deployment.Services.IsEmpty
            ? [[deployment.Name, "-", deployment.Removing ? "being removed" : "no services", "-", "-", "-", "-"]]
            : deployment.Services.SelectMany(service => Of(deployment, service));

    /// <summary>What an instance is doing, with the cause when there is one.</summary>
    public static string State(InstanceDocument instance) =>
        (instance.RunnerReachable, instance.Cause) switch
        {
            (false, _) => $"unknown: {instance.Runner} is not reachable (last seen {instance.Phase})",
            (_, { } cause) => $"{instance.Phase}: {cause}",
            _ when instance is { Phase: InstancePhase.Running, Restarts: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{instance.Phase}, restarted {instance.Restarts}x"),
            _ => instance.Phase.ToString(),
        };

    private static IEnumerable<IReadOnlyList<string>> Of(DeploymentDocument deployment, ServiceDocument service)
    {
        var port = service.Port?.ToString(CultureInfo.InvariantCulture) ?? "-";
        return service.Instances.IsEmpty
            ? [[deployment.Name, service.Name, $"waiting: {service.Waiting}", "-", service.IstAddress, port, service.Image]]
            : service.Instances.Select(IReadOnlyList<string> (instance) => [deployment.Name, service.Name, State(instance), instance.Runner, service.IstAddress, port, service.Image]);
    }
}
