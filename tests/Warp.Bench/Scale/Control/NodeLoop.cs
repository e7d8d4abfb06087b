using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Warp.Bench.Relay;
using Warp.Node.Configuration;

namespace Warp.Bench.Scale.Control;

/// <summary>
/// A process with one control node, or with some runners. It obeys lines of standard input and answers each with a number: <c>cpu</c> with the microseconds of processor time used so far,
/// <c>heap</c> with the bytes that are in use after a collection, <c>members N</c> with the milliseconds until each of its nodes saw so many; a control node also what
/// <see cref="ControlCommands"/> knows.
/// </summary>
internal static class NodeLoop
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs the control node until standard input ends.</summary>
    internal static async Task<int> RunControlAsync(Arguments given)
    {
        using var loggers = Loggers();
        await using var node = SimulatedNode.Start(new DataFolder(given.Required("folder")), withEngine: false, loggers);
        var commands = new ControlCommands(node);
        return await ObeyAsync([node], commands.RunAsync);
    }

    /// <summary>Runs runners until standard input ends.</summary>
    internal static async Task<int> RunRunnersAsync(Arguments given)
    {
        using var loggers = Loggers();
        List<SimulatedNode> nodes = [.. given.Required("folders").Split(',').Select(folder => SimulatedNode.Start(new DataFolder(folder), withEngine: true, loggers))];
        return await ObeyAsync(nodes, words => throw new InvalidOperationException($"a runner does not know '{words[0]}'"));
    }

    // Standard output is for answers.
    private static ILoggerFactory Loggers() => LoggerFactory.Create(logging => logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning));

    private static async Task<int> ObeyAsync(List<SimulatedNode> nodes, Func<string[], Task<long>> others)
    {
        await Console.Out.WriteLineAsync("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            var answer = words switch
            {
                ["cpu"] => (long)Environment.CpuUsage.TotalTime.TotalMicroseconds,
                ["heap"] => GC.GetTotalMemory(forceFullCollection: true),
                ["members", var count] => await AwaitMembersAsync(nodes, int.Parse(count, CultureInfo.InvariantCulture)),
                _ => await others(words),
            };
            await Console.Out.WriteLineAsync(answer.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private static async Task<long> AwaitMembersAsync(List<SimulatedNode> nodes, int count)
    {
        var clock = Stopwatch.StartNew();
        while (nodes.Exists(node => node.Members != count))
        {
            if (clock.Elapsed > Patience)
            {
                throw new InvalidOperationException($"not all nodes saw {count} members within {Patience}");
            }

            await Task.Delay(10);
        }

        return clock.ElapsedMilliseconds;
    }
}
