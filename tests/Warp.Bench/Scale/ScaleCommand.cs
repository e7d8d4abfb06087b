using System.Globalization;
using Warp.Bench.Load;
using Warp.Bench.Relay;
using Warp.Bench.Scale.Control;
using Warp.Bench.Scale.Rules;
using Warp.Bench.Scale.Traffic;

namespace Warp.Bench.Scale;

/// <summary>What size costs: one verb for each table of docs/scale.md, and the parts of a measurement that are processes of their own.</summary>
internal static class ScaleCommand
{
    private const string Help = """
        warp-bench scale deployments [--sizes 1,10,100,1000,5000] [--runners 3] [--idle SECONDS]   one control node: memory, processor time, restart, change, journal
        warp-bench scale runners     [--sizes 1,3,10,25,50] [--idle SECONDS]         real nodes over simulated engines: convergence, memory, processor time, and a model beyond
        warp-bench scale rules       [--sizes 1,10,100,1000,5000] [--rounds 7] [--seconds 2]   one runner's rules: a change in force, connects through the kernel (as root)
        warp-bench scale traffic     [--rounds N] [--quick] ...                      lookups, connects and round trips with many deployments and beside idle streams
        """;

    internal static async Task<int> RunAsync(string[] arguments) => arguments switch
    {
        ["deployments", .. var rest] when Arguments.Parse(rest) is { } given => DeploymentsTable.Run(given.Numbers("sizes", [1, 10, 100, 1000, 5000]), given.Number("runners", 3), Idle(given)),
        ["runners", .. var rest] when Arguments.Parse(rest) is { } given => RunnersTable.Run(given.Numbers("sizes", [1, 3, 10, 25, 50]), Idle(given)),
        ["rules", .. var rest] when Arguments.Parse(rest) is { } given => await RulesTable.RunAsync(given.Numbers("sizes", [1, 10, 100, 1000, 5000]), given.Number("rounds", 7), given.Number("seconds", 2)),
        ["traffic", .. var rest] => await TrafficCommand.RunAsync(rest),

        // The parts, which are told by their standard input what to do.
        ["server", .. var ports] => await ServeAsync([.. ports.Select(port => int.Parse(port, CultureInfo.InvariantCulture))]),
        ["engine", .. var rest] => await EngineHost.RunAsync(Arguments.Parse(rest)!),
        ["rules-host"] => await RulesHost.RunAsync(),
        ["control", .. var rest] => await NodeLoop.RunControlAsync(Arguments.Parse(rest)!),
        ["simulate", .. var rest] => await NodeLoop.RunRunnersAsync(Arguments.Parse(rest)!),
        _ => await ExplainAsync(),
    };

    private static TimeSpan Idle(Arguments given) => TimeSpan.FromSeconds(given.Number("idle", 30));

    // The server knows no end; this process ends when its input does, as the other parts.
    private static async Task<int> ServeAsync(IReadOnlyList<int> ports)
    {
        var serving = Task.Run(() => LoadServer.Run(ports, () => Console.WriteLine("ready")));
        var end = Console.In.ReadLineAsync();
        return await Task.WhenAny(serving, end) == serving ? await serving : 0;
    }

    private static async Task<int> ExplainAsync()
    {
        await Console.Error.WriteLineAsync(Help);
        return 2;
    }
}
