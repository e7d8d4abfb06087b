using System.CommandLine;
using System.Globalization;
using Warp.Node.Cli.Completing;
using Warp.Node.Cli.Execution;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp exec</c>: a program inside a service's container, wherever it runs, as if it ran here.</summary>
internal static class ExecCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var service = new Argument<string>(ServiceTarget.Placeholder) { Description = "Whose container. The deployment may be left out when only one has a service of that name." }.CompletesServices(connection);
        var program = new Argument<string[]>("COMMAND") { Description = "The program and its arguments, after '--'.", Arity = ArgumentArity.OneOrMore };
        var replica = new Option<int>("--replica") { Description = "In which instance, from 0.", HelpName = "NUMBER" };
        var noTty = new Option<bool>("--no-tty", "-T") { Description = "No terminal for the program, also when this is one." };
        var command = new Command("exec", "Run a program inside a service's container. Ends with the program's exit code.") { service, program, replica, noTty };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var streams = output.Streams();
            var tty = streams.Terminal && !parsed.GetValue(noTty);
            using var node = connection.Connect(parsed);
            var target = await ServiceTarget.FindAsync(node, parsed.GetRequiredValue(service), cancellationToken);
            var words = string.Concat(parsed.GetRequiredValue(program).Select(word => $"&command={Uri.EscapeDataString(word)}"));
            var query = string.Create(CultureInfo.InvariantCulture, $"?tty={(tty ? "true" : "false")}&ordinal={parsed.GetValue(replica)}{words}");
            using var socket = await node.OpenExecAsync(target, query, cancellationToken);
            using var session = new ExecSession(socket, streams);
            return await session.RunAsync(tty, cancellationToken);
        });
        return command;
    }
}
