using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;

namespace Warp.Node.Routing;

/// <summary>The host names of one deployment's services, in every spelling; a name of another deployment does not exist here.</summary>
public sealed class DeploymentNames
{
    private readonly Dictionary<string, Ipv4Address> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Ipv4Address, string> _names = [];

    internal DeploymentNames(DeploymentRoutes routes)
    {
        foreach (var service in routes.Services)
        {
            foreach (var name in ServiceNaming.HostNames(service.Service))
            {
                _addresses[name] = service.IstAddress;
                _ = _names.TryAdd(service.IstAddress, name);
            }
        }
    }

    /// <summary>The address of a name such as <c>db.warp</c>, in any letter case; null when no service has it.</summary>
    public Ipv4Address? Find(string name) => _addresses.TryGetValue(name, out var address) ? address : null;

    /// <summary>The name of an IST address, the one that <c>/etc/hosts</c> would give; null when no service has it.</summary>
    public string? NameOf(Ipv4Address address) => _names.GetValueOrDefault(address);
}

/// <summary>The question that the name server asks of the routes: no lock, cost independent of the number of deployments.</summary>
public interface INameLookup
{
    /// <summary>The names that are known behind a bridge.</summary>
    /// <param name="gateway">This runner's address on the bridge.</param>
    /// <returns>Null when no deployment is known to have that bridge (yet).</returns>
    DeploymentNames? NamesBehind(Ipv4Address gateway);
}
