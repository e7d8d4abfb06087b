using System.CommandLine;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp init</c>: a new cluster with this machine as its first node.</summary>
internal static class InitCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var cluster = new Option<string?>("--cluster") { Description = "The cluster's name. Default: warp- and eight random characters.", HelpName = "NAME" };
        var name = new Option<string?>("--name") { Description = "This machine's name in the cluster. Default: its host name.", HelpName = "NAME" };
        var address = new Option<string?>("--address") { Description = "How other machines reach this one. Default: the address of the default route.", HelpName = "HOST" };
        var ports = new PortOptions();
        var command = new Command("init", "Make a new cluster, with this machine as its first node.") { name, address, cluster };
        ports.AddTo(command);
        command.SetAction(parsed =>
        {
            var data = connection.Data(parsed);
            var made = ClusterInitializer.Initialize(
                new InitRequest(data, parsed.GetValue(cluster), parsed.GetValue(name), parsed.GetValue(address), ports.Of(parsed)), TimeProvider.System);
            output.Line($"Cluster {made.Cluster}: this machine is its first node, {made.Runner} at {made.Address}. Data folder: {data.Root}");
            output.Line("Next: 'warp run' starts the node; 'warp runner add NAME --address HOST' makes the bundle for another machine.");
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
