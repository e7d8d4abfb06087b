using System.CommandLine;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp runner add|remove</c>: who belongs to the cluster.</summary>
internal static class RunnerCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output) =>
        new("runner", "Runners of the cluster.") { RunnerAddCommand.Create(connection, output), RunnerRemoveCommand.Create(connection, output) };
}
