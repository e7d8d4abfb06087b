namespace Warp.Bench.Compare;

/// <summary>One run of one figure on one peer.</summary>
internal static class Measurement
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);

    /// <summary>Measures.</summary>
    /// <exception cref="BenchException">The client failed.</exception>
    internal static async Task<Dictionary<string, double>> RunAsync(BenchHost host, RunningPeer peer, Figure figure, double seconds, CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromSeconds(seconds) + Margin;
        if (figure.Beside is not { } besideLoad)
        {
            var before = 0.0;
            var measured = await LoadClient.RunAsync(host, Figure.Arguments(figure.Load, peer.Entry, seconds), limit, () => Task.FromResult(before = peer.CpuSeconds), cancellationToken);
            if (peer.HasProcesses)
            {
                AddCosts(measured, peer.CpuSeconds - before);
            }

            return measured;
        }

        var flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var beside = LoadClient.RunAsync(host, Figure.Arguments(besideLoad, peer.Entry, seconds + 1), limit, () => Task.FromResult(flowing.TrySetResult()), cancellationToken);
        try
        {
            await Task.WhenAny(flowing.Task, beside);
            await Task.Delay(Settling, cancellationToken);
            var result = await LoadClient.RunAsync(host, Figure.Arguments(figure.Load, peer.Entry, seconds), limit, () => Task.CompletedTask, cancellationToken);
            result["beside_mb_per_s"] = (await beside)["mb_per_s"];
            return result;
        }
        finally
        {
            // It must not run on beside what is measured next.
            await Task.WhenAny(beside);
        }
    }

    private static void AddCosts(Dictionary<string, double> measured, double cpuSeconds)
    {
        if (measured.TryGetValue("bytes", out var bytes) && bytes > 0)
        {
            measured["cpu_s_per_gb"] = cpuSeconds / (bytes / 1e9);
        }
        else if (measured.TryGetValue("operations", out var operations) && operations > 0)
        {
            measured["cpu_us_per_operation"] = cpuSeconds * 1e6 / operations;
        }
    }
}
