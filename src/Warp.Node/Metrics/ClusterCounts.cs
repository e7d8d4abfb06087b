using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;

namespace Warp.Node.Metrics;

/// <summary>What the actors of this node tell to be counted; it outlives their systems. Thread-safe.</summary>
/// <param name="limit">How many services are told apart.</param>
internal sealed class ClusterCounts(int limit)
{
    private const string Completed = "completed";
    private const string Failed = "failed";
    private static readonly ImmutableArray<double> Limits = [5, 30, 120, 600];
    private readonly Lock _gate = new();
    private readonly Dictionary<(DeploymentName Deployment, ServiceName Service), long> _restarts = [];
    private readonly long[][] _rollouts = [new long[Limits.Length + 1], new long[Limits.Length + 1]];
    private readonly double[] _seconds = new double[2];
    private long _otherRestarts;

    /// <summary>A container was started again.</summary>
    public void Add(ContainerRestarted restarted)
    {
        var service = (restarted.Instance.Deployment, restarted.Instance.Service);
        lock (_gate)
        {
            if (_restarts.Count < limit || _restarts.ContainsKey(service))
            {
                _restarts[service] = _restarts.GetValueOrDefault(service) + 1;
            }
            else
            {
                _otherRestarts++;
            }
        }
    }

    /// <summary>A rollout ended.</summary>
    public void Add(RolloutEnded ended)
    {
        var seconds = Math.Max(0, (ended.EndedAt - ended.AcceptedAt).TotalSeconds);
        var outcome = ended.Completed ? 0 : 1;
        lock (_gate)
        {
            _rollouts[outcome][Limits.Count(limit => seconds > limit)]++;
            _seconds[outcome] += seconds;
        }
    }

    /// <summary>The numbers since the node began.</summary>
    public IEnumerable<MetricFamily> Read()
    {
        lock (_gate)
        {
            var restarts = _restarts.Select(one => new MetricPoint(one.Value, one.Key.Deployment.Value, one.Key.Service.Value));
            return
            [
                MetricCatalog.Restarts.Of(_otherRestarts == 0 ? restarts : restarts.Append(new MetricPoint(_otherRestarts, "", ""))),
                MetricCatalog.Rollouts.Of([Rollout(0, Completed), Rollout(1, Failed)]),
            ];
        }
    }

    private MetricPoint Rollout(int outcome, string name) => new(_seconds[outcome], name) { Histogram = new MetricHistogram(Limits, [.. _rollouts[outcome]]) };
}
