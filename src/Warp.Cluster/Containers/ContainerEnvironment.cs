using System.Collections.Immutable;
using System.Globalization;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Containers;

/// <summary>
/// What a container is told: the address of every service of its deployment, who it is, and the user's variables. Where a name is unique in the cluster, the id is the name;
/// an environment's id is <c>PROJECT/ENVIRONMENT</c> and a service's is <c>DEPLOYMENT/SERVICE</c>, because only the pair is.
/// </summary>
internal static class ContainerEnvironment
{
    /// <summary>The port when neither the spec nor the image names one.</summary>
    public const int DefaultPort = 8080;

    /// <summary>The complete environment. A variable of the user's that has the name of an injected one is left out: a service must be able to trust these.</summary>
    /// <param name="assignment">All services of the deployment.</param>
    /// <param name="service">The container's own service.</param>
    /// <param name="runner">Where it runs.</param>
    /// <param name="imagePort">The image's single EXPOSEd TCP port; null when none or several.</param>
    public static ImmutableSortedDictionary<string, string> Of(Assignment assignment, ServiceSpec service, RunnerId runner, int? imagePort)
    {
        var environment = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        environment.AddRange(service.Variables);
        foreach (var other in assignment.Services)
        {
            foreach (var name in ServiceNaming.VariableNames(other.Spec.Name))
            {
                environment[name] = other.IstAddress.ToString();
            }
        }

        environment["WARP_PROJECT"] = assignment.Project;
        environment["WARP_PROJECT_ID"] = assignment.Project;
        environment["WARP_ENV"] = assignment.Environment;
        environment["WARP_ENV_ID"] = $"{assignment.Project}/{assignment.Environment}";
        environment["WARP_DEPLOYMENT"] = assignment.Deployment.Value;
        environment["WARP_DEPLOYMENT_ID"] = assignment.Deployment.Value;
        environment["WARP_SERVICE"] = service.Name.Value;
        environment["WARP_SERVICE_ID"] = $"{assignment.Deployment}/{service.Name}";
        environment["WARP_RUNNER"] = runner.Value;
        environment["WARP_RUNNER_ID"] = runner.Value;
        environment["WARP_PORT"] = (service.Port ?? imagePort ?? DefaultPort).ToString(CultureInfo.InvariantCulture);
        return environment.ToImmutable();
    }

    /// <summary>A line of /etc/hosts for every host name of every service.</summary>
    public static ImmutableArray<HostEntry> Hosts(Assignment assignment) =>
        [.. assignment.Services.SelectMany(s => ServiceNaming.HostNames(s.Spec.Name).Select(name => new HostEntry(name, s.IstAddress)))];
}
