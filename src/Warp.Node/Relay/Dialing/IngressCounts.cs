using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Dialing;

/// <summary>The streams of this node's ingress to each service on each runner. Thread-safe.</summary>
internal sealed class IngressCounts
{
    private const int PruneAbove = 1024;
    private readonly Lock _gate = new();
    private readonly Dictionary<(DeploymentName Deployment, ServiceName Service, RunnerId Runner), ConnectionCount> _counts = [];

    /// <summary>The count of a service on a runner.</summary>
    internal ConnectionCount Of(DeploymentName deployment, ServiceName service, RunnerId runner)
    {
        lock (_gate)
        {
            if (_counts.TryGetValue((deployment, service, runner), out var count))
            {
                return count;
            }

            if (_counts.Count >= PruneAbove)
            {
                foreach (var unused in _counts.Where(c => c.Value.Open == 0).Select(c => c.Key).ToImmutableArray())
                {
                    _counts.Remove(unused);
                }
            }

            return _counts[(deployment, service, runner)] = new ConnectionCount();
        }
    }
}
