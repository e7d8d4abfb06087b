using System.Collections.Immutable;
using System.Globalization;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>The addresses of a spec's services: known ones keep theirs. Pure.</summary>
internal static class AddressDecider
{
    /// <summary>Chooses.</summary>
    /// <param name="state">The deployment before.</param>
    /// <param name="wish">The spec.</param>
    /// <param name="range">Where addresses come from.</param>
    /// <param name="problem">What is wrong when there is no address left.</param>
    /// <returns>In the spec's order; null when there is no address left.</returns>
    public static ImmutableArray<ServiceAddress>? Choose(DeploymentState state, DeploymentSpec wish, Ipv4Range range, out SpecProblem? problem)
    {
        var names = wish.Services.Select(service => service.Name).ToHashSet();
        var kept = state.Services.Where(service => names.Contains(service.Service)).ToDictionary(service => service.Service, service => service.IstAddress);
        foreach (var back in state.Leaving.Where(service => names.Contains(service.Spec.Name)))
        {
            kept[back.Spec.Name] = back.IstAddress;
        }

        // Connections to services that leave are still under way.
        var inUse = kept.Values.Concat(state.Leaving.Select(service => service.IstAddress)).ToHashSet();
        var gone = state.Services.Where(service => !names.Contains(service.Service)).ToList();
        inUse.UnionWith(gone.Where(service => !service.Placements.IsEmpty).Select(service => service.IstAddress));
        var retired = state.Retired.Concat(gone.Select(service => new RetiredService(service.Service, service.IstAddress, service.LastGeneration))).ToList();
        foreach (var (service, index) in wish.Services.Select((service, index) => (service.Name, index)))
        {
            if (kept.ContainsKey(service))
            {
                continue;
            }

            if (IstAddressPlan.Choose(range, service, inUse, retired) is not { } address)
            {
                problem = new SpecProblem(
                    string.Create(CultureInfo.InvariantCulture, $"services[{index}]"),
                    $"the range {range} has no address left for the service '{service}'; make the range of IST addresses larger");
                return null;
            }

            kept[service] = address;
            inUse.Add(address);
        }

        problem = null;
        return [.. wish.Services.Select(service => new ServiceAddress(service.Name, kept[service.Name], ServiceSpecHash.Of(service)))];
    }
}
