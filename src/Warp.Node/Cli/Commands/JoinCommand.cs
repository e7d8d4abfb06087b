using System.CommandLine;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp join</c>: makes this machine a node of an existing cluster.</summary>
internal static class JoinCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "The file that 'warp runner add' wrote." };
        var command = new Command("join", "Take part in a cluster with the bundle that was made for this machine.") { bundle };
        command.SetAction(parsed =>
        {
            var data = connection.Data(parsed);
            var joined = NodeJoiner.Join(new JoinRequest(data, parsed.GetRequiredValue(bundle)));
            output.Line($"This machine is {joined.Runner} of the cluster {joined.Cluster}, reached at {joined.Address}. Data folder: {data.Root}");
            output.Line("Next: 'warp run' starts the node. The bundle is no longer needed: delete it.");
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
