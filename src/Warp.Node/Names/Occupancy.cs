using Warp.Cluster.Identity;

namespace Warp.Node.Names;

/// <summary>How much is underway at once: for each container, for each bridge and in all, so that whoever has more than their share is refused first. Any thread.</summary>
/// <param name="perContainer">The most for one container.</param>
/// <param name="perBridge">The most for the containers of one bridge.</param>
/// <param name="inAll">The most for all.</param>
internal sealed class Occupancy(int perContainer, int perBridge, int inAll)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Asker, int> _containers = [];
    private readonly Dictionary<Ipv4Address, int> _bridges = [];
    private int _all;

    /// <summary>What is underway in all.</summary>
    public int Count => Volatile.Read(ref _all);

    /// <summary>Takes a place; after success it is given back by exactly one <see cref="Leave"/>.</summary>
    public bool TryEnter(Asker asker)
    {
        lock (_gate)
        {
            var (own, bridge) = (_containers.GetValueOrDefault(asker), _bridges.GetValueOrDefault(asker.Gateway));
            if (own >= perContainer || bridge >= perBridge || _all >= inAll)
            {
                return false;
            }

            (_containers[asker], _bridges[asker.Gateway]) = (own + 1, bridge + 1);
            _all++;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(Asker asker)
    {
        lock (_gate)
        {
            Decrease(_containers, asker);
            Decrease(_bridges, asker.Gateway);
            _all--;
        }
    }

    private static void Decrease<T>(Dictionary<T, int> counts, T key)
        where T : notnull
    {
        if (--counts[key] == 0)
        {
            counts.Remove(key);
        }
    }
}
