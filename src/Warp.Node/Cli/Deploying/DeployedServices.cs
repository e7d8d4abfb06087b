using System.Globalization;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Deploying;

/// <summary>Says of each service where it runs, and which of its ports its public URL leads to.</summary>
internal static class DeployedServices
{
    public static void Print(DeploymentDocument deployment, CommandOutput output)
    {
        foreach (var service in deployment.Services)
        {
            output.Line($"{service.Name}: {Port(service)}{Runners(service)}{(service.Urls.IsEmpty ? "" : $", {string.Join(", ", service.Urls)}")}");
        }
    }

    private static string Port(ServiceDocument service) => service.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"port {port}") : "port not known yet";

    private static string Runners(ServiceDocument service) =>
        service.Instances.IsEmpty ? "" : $" on {string.Join(", ", service.Instances.Select(instance => instance.Runner).Distinct(StringComparer.Ordinal))}";
}
