using System.CommandLine;
using System.Reflection;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(CommandOutput output)
    {
        var command = new Command("version", "Print the program's version.");
        command.SetAction(_ =>
        {
            output.Line(typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
