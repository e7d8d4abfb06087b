using System.Globalization;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary>The lines that show a deployment: one for each instance, and one for each service that has none.</summary>
internal static class ServiceRows
{
    /// <summary>The heads of <see cref="Of(DeploymentDocument)"/>.</summary>
    public static readonly IReadOnlyList<string> Heads = ["deployment", "service", "state", "health", "runner", "address", "port", "image", "url"];

    /// <summary>Deployment, service, state, health, runner, address, port, image, URL.</summary>
    public static IEnumerable<IReadOnlyList<string>> Of(DeploymentDocument deployment) =>
        deployment.Services.IsEmpty
            ? [[deployment.Name, "-", deployment.Removing ? "being removed" : "no services", "-", "-", "-", "-", "-", "-"]]
            : deployment.Services.SelectMany(service => Of(deployment, service));

    /// <summary>What an instance is doing, with its part when it does not simply serve, and with the cause when there is one.</summary>
    public static string State(InstanceDocument instance)
    {
        var what = instance switch
        {
            { Failure: InstanceFailure.RunnerUnreachable } or { RunnerReachable: false } =>
                $"unknown: {instance.Runner} is not reachable (last seen {instance.Phase}){(instance.Stays is { } why ? $"; {why}" : "")}",
            { Failure: InstanceFailure.CrashLoop } => string.Create(CultureInfo.InvariantCulture, $"crash loop, restarted {instance.Restarts}x: {instance.Cause}"),
            { Failure: InstanceFailure.Unhealthy } => $"unhealthy: {instance.Cause}",
            { Cause: { } cause } => $"{instance.Phase}: {cause}",
            { Phase: InstancePhase.Running, Restarts: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{instance.Phase}, restarted {instance.Restarts}x"),
            _ => instance.Phase.ToString(),
        };
        return instance.Role switch
        {
            PlacementRole.Starting => $"{what} (new, does not serve yet)",
            PlacementRole.Draining => $"{what} (replaced)",
            PlacementRole.Retiring => $"{what} (replaced, finishes its connections)",
            _ => what,
        };
    }

    /// <summary>The service's name, with the replica's number when it has or had several.</summary>
    public static string Name(ServiceDocument service, InstanceDocument instance) =>
        service.Replicas > 1 || instance.Ordinal > 0 ? string.Create(CultureInfo.InvariantCulture, $"{service.Name} #{instance.Ordinal}") : service.Name;

    private static IEnumerable<IReadOnlyList<string>> Of(DeploymentDocument deployment, ServiceDocument service)
    {
        var port = service.Port?.ToString(CultureInfo.InvariantCulture) ?? "-";
        var url = service.Urls is [var first, ..] ? first : "-";
        return service.Instances.IsEmpty
            ? [[deployment.Name, service.Name, $"waiting: {service.Waiting}", "-", "-", service.IstAddress, port, service.Image, url]]
            : service.Instances.Select(IReadOnlyList<string> (instance) =>
                [deployment.Name, Name(service, instance), State(instance), Health(instance), instance.Runner, service.IstAddress, port, service.Image, url]);
    }

    private static string Health(InstanceDocument instance) => instance.Health switch
    {
        InstanceHealth.Ready => "ready",
        InstanceHealth.Starting => "not ready yet",
        InstanceHealth.Unhealthy => "unhealthy",
        _ => "-",
    };
}
