using System.CommandLine;
using System.Globalization;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp runners</c>.</summary>
internal static class RunnersCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var command = new Command("runners", "List the runners of the cluster.");
        ReadingVerb.SetAction(
            command, connection, output, ManagementJson.Default.RunnerListDocument, static (node, _, cancellationToken) => node.RunnersAsync(cancellationToken), list =>
            {
                output.Table(["runner", "state", "instances", "engine", "tunnel", "version", "certificates until"], list.Runners.Select(Row));
                foreach (var runner in list.Runners.Where(runner => runner.Interception?.Reason is not null))
                {
                    output.Line($"{runner.Name}: connections are accepted before their service is dialled: {runner.Interception!.Reason}");
                }

                foreach (var (runner, problem) in list.Runners.SelectMany(runner => runner.Problems.Select(problem => (runner.Name, problem))))
                {
                    output.Line($"{runner}: {problem}");
                }
            });
        return command;
    }

    private static IReadOnlyList<string> Row(RunnerDocument runner) =>
    [
        runner.Name,
        State(runner),
        runner.Instances.ToString(CultureInfo.InvariantCulture),
        runner.EngineReady ? $"Docker {runner.EngineVersion}" : "does not answer",
        runner.Tunnel,
        runner.Version,
        runner.Certificates is { } held ? $"{Date(held.NodeUntil)} (tunnels: {(held.TunnelUntil is { } tunnel ? Time(tunnel) : "the node's")})" : "",
    ];

    private static string State(RunnerDocument runner) => runner switch
    {
        { Reachable: false } => $"not heard of since {runner.LastSeen.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}",
        { DrainedSince: null } => "reachable",
        { Instances: 0 } => "drained",
        _ => "draining",
    };

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
