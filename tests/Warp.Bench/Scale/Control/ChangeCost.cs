using System.Diagnostics;

namespace Warp.Bench.Scale.Control;

/// <summary>What it costs to change one deployment among all.</summary>
/// <param name="Accepted">Microseconds until the journal has it, the median.</param>
/// <param name="Serves">Microseconds until the new instance serves and the one before is gone, the median.</param>
/// <param name="Cpu">Processor time of the control node for one, without what it uses anyway.</param>
internal sealed record ChangeCost(double Accepted, double Serves, TimeSpan Cpu)
{
    /// <summary>Changes some of the deployments, one after the other.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="deployments">How many it has.</param>
    /// <param name="changes">How many changes.</param>
    /// <param name="idle">The control node's share of a processor while nothing is changed.</param>
    internal static ChangeCost Measure(SimulatedCluster cluster, int deployments, int changes, double idle)
    {
        List<double> accepted = [], serves = [];
        var (cpu, clock) = (cluster.Control.Cpu, Stopwatch.StartNew());
        for (var i = 0; i < changes; i++)
        {
            var number = i * 7919 % deployments;
            accepted.Add(cluster.Control.Ask($"change {number}"));
            serves.Add(cluster.Control.Ask($"changed {number}"));
        }

        return new ChangeCost(Medians.Of(accepted)!.Value, Medians.Of(serves)!.Value, ((cluster.Control.Cpu - cpu) - (clock.Elapsed * idle)) / changes);
    }
}
