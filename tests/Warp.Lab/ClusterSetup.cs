namespace Warp.Lab;

/// <summary>Makes a cluster of the lab's runners the way its users do: init on the first, one bundle for each of the others, join, run.</summary>
internal static class ClusterSetup
{
    public static async Task RunAsync(IReadOnlyList<LabRunner> runners, string folder, Action<string> progress)
    {
        if (runners.Count == 0)
        {
            return;
        }

        var first = runners[0];
        await Say(progress, first, "init", "--address", first.Address);
        await first.Node.StartAsync();
        await Task.WhenAll(runners.Skip(1).Select(runner => AddAsync(first, runner, folder, progress)));
        await Task.WhenAll(runners.Select(runner => runner.Node.WaitReadyAsync()));
    }

    private static async Task AddAsync(LabRunner first, LabRunner runner, string folder, Action<string> progress)
    {
        var bundle = Path.Combine(folder, $"{runner.Name}.bundle");
        await Say(progress, first, "runner", "add", runner.Name, "--address", runner.Address, "--out", bundle);
        await Say(progress, runner, "join", bundle);
        await runner.Node.StartAsync();
    }

    private static async Task Say(Action<string> progress, LabRunner runner, params IReadOnlyList<string> arguments)
    {
        progress($"{runner.Name}$ warp {string.Join(' ', arguments)}");
        (await runner.WarpAsync(arguments)).Ensure();
    }
}
