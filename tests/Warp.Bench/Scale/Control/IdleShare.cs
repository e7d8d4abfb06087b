namespace Warp.Bench.Scale.Control;

/// <summary>What a cluster costs while nobody wishes anything, as shares of one processor.</summary>
/// <param name="Control">Of the control node.</param>
/// <param name="Runners">Of all runners together.</param>
internal sealed record IdleShare(double Control, double Runners)
{
    /// <summary>Looks on for a while.</summary>
    internal static IdleShare Measure(SimulatedCluster cluster, TimeSpan time)
    {
        var (control, runners) = (cluster.Control.Cpu, cluster.RunnerCpu);
        Thread.Sleep(time);
        return new IdleShare((cluster.Control.Cpu - control) / time, (cluster.RunnerCpu - runners) / time.TotalMicroseconds);
    }
}
