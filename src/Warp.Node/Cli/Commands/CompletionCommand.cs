using System.CommandLine;
using Warp.Node.Cli.Completing;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp completion</c>: the script that lets a shell complete verbs, options and names.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommandOutput output)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." }.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that lets a shell complete verbs, options and names.") { shell };
        command.SetAction(parsed =>
        {
            output.Line(parsed.GetRequiredValue(shell) switch
            {
                "bash" => CompletionScripts.Bash,
                "zsh" => CompletionScripts.Zsh,
                _ => CompletionScripts.Fish,
            });
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
