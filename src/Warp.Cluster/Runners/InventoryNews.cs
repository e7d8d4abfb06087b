using Warp.Cluster.Identity;

namespace Warp.Cluster.Runners;

/// <summary>
/// Whom an inventory tells something new. With thousands of deployments on a runner there is an inventory for each change of any of them; only the regular ones, which make up for what
/// nobody told, go to all agents.
/// </summary>
internal sealed class InventoryNews
{
    private readonly Dictionary<DeploymentName, DeploymentInventory> _told = [];

    /// <summary>What is to be told to whom; it counts as told from now on.</summary>
    /// <param name="inventory">The inventory.</param>
    /// <param name="known">The deployments that are known beside those of which the engine has something.</param>
    public List<KeyValuePair<DeploymentName, DeploymentInventory>> Of(EngineInventory inventory, IEnumerable<DeploymentName> known)
    {
        var parts = inventory.ByDeployment();
        foreach (var name in known)
        {
            _ = parts.TryAdd(name, DeploymentInventory.Nothing);
        }

        var news = parts.Where(part => inventory.ForAll || !_told.TryGetValue(part.Key, out var told) || !told.SameAs(part.Value)).ToList();
        foreach (var (name, part) in news)
        {
            _told[name] = part;
        }

        return news;
    }

    /// <summary>Whoever asks about the deployment next has been told nothing yet.</summary>
    public void Forget(DeploymentName deployment) => _told.Remove(deployment);
}
