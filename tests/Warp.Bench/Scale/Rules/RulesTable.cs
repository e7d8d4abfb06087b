using System.Globalization;
using Warp.Bench.Compare;

namespace Warp.Bench.Scale.Rules;

/// <summary>
/// A runner with the rules of one and of thousands of deployments: how long a change takes to be in force, and how long a container waits for its connection to another on the same runner.
/// All sizes in turn in each round, the first of them twice: what that differs is noise.
/// </summary>
internal static class RulesTable
{
    private const int Port = 3211;

    // Even: the last one's service ends where it was.
    private const int Changes = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal static async Task<int> RunAsync(IReadOnlyList<int> sizes, int rounds, int seconds)
    {
        await using var runner = await OneRunner.CreateAsync(CancellationToken.None);
        await using var server = LoadClient.StartServer(runner.Db, Port);
        using var rules = HelperProcess.StartIn(runner.Host, "rules-host");
        rules.Ask("deployments 1");
        await LoadAsync(runner, seconds); // For the compiler and the caches.

        List<int> subjects = [sizes[0], .. sizes];
        var table = new FigureTable([.. subjects.Select((size, i) => i == 1 ? "the same again" : string.Create(CultureInfo.InvariantCulture, $"{size} deployments"))]);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Count; i++)
            {
                rules.Ask($"deployments {subjects[i]}");
                table.Add("change of one in force, ms", i, Median(rules, "change") / 1e3);
                table.Add("nothing has changed, ms", i, Median(rules, "verify") / 1e3);
                var load = await LoadAsync(runner, seconds);
                table.Add("connect p50, us", i, load["p50_us"]);
                table.Add("connect p99, us", i, load["p99_us"]);
            }
        }

        table.Print();
        return 0;
    }

    private static double Median(HelperProcess rules, string command) => Medians.Of(Enumerable.Range(0, Changes).Select(_ => (double)rules.Ask(command)))!.Value;

    private static Task<Dictionary<string, double>> LoadAsync(OneRunner runner, int seconds) => LoadClient.RunAsync(
        runner.App, ["connect", RuleRoutes.DbService, $"{Port}", "1", "64", $"{seconds}"], Patience, () => Task.CompletedTask, CancellationToken.None);
}
