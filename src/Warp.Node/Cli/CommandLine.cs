using System.CommandLine;
using Warp.Node.Cli.Commands;
using Warp.Node.Configuration;

namespace Warp.Node.Cli;

/// <summary>The <c>warp</c> command: its verbs, and the one place where a failure becomes two lines and an exit code.</summary>
public static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">As the shell split them, without the program's name.</param>
    /// <param name="output">Where it writes.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandOutput output)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        var parsed = Root(output).Parse(args);
        if (!IsSuggestion(args) && parsed.Errors is [var first, ..])
        {
            output.Fail($"{first.Message} See '{Help(parsed)}'.");
            return (int)ExitCode.Usage;
        }

        try
        {
            // The node has its own handling of signals; every other verb may simply be ended by one.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output.Out,
                Error = output.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (OperatorException failure)
        {
            output.Fail(failure.Message);
            return (int)failure.ExitCode;
        }
    }

    /// <summary>All verbs.</summary>
    internal static RootCommand Root(CommandOutput output)
    {
        var connection = new ConnectionOptions();
        var root = new RootCommand("Warp runs containers on your own Docker hosts; services of one deployment reach each other privately, on any TCP port.")
        {
            InitCommand.Create(connection, output),
            RunnerCommand.Create(connection, output),
            AdminCommand.Create(connection, output),
            AuthorityCommand.Create(connection, output),
            TokenCommands.Create(connection, output),
            JoinCommand.Create(connection, output),
            RunCommand.Create(connection),
            DeployCommand.Create(connection, output),
            PlanCommand.Create(connection, output),
            PsCommand.Create(connection, output),
            RunnersCommand.Create(connection, output),
            DrainCommand.Create(connection, output),
            DrainCommand.CreateUndrain(connection, output),
            AuditCommand.Create(connection, output),
            TunnelsCommand.Create(connection, output),
            DoctorCommand.Create(connection, output),
            ExplainCommand.Create(connection, output),
            FlowsCommand.Create(connection, output),
            LogsCommand.Create(connection, output),
            RestartCommand.Create(connection, output),
            MoveCommand.Create(connection, output),
            ScaleCommand.Create(connection, output),
            HistoryCommand.Create(connection, output),
            RollbackCommand.Create(connection, output),
            RemoveCommand.Create(connection, output),
            RegistryCommand.Create(connection, output),
            ExecCommand.Create(connection, output),
            VolumeCommands.Create(connection, output),
            JournalCommands.Create(connection, output),
            CompletionCommand.Create(output),
            VersionCommand.Create(output),
        };
        connection.AddTo(root);
        return root;
    }

    // What a shell asks about is unfinished, so it has errors.
    private static bool IsSuggestion(IReadOnlyList<string> args) => args is [['[', 's', 'u', 'g', 'g', 'e', 's', 't', ..], ..];

    private static string Help(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "warp --help" : $"warp {parsed.CommandResult.Command.Name} --help";
}
