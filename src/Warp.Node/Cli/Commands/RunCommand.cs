using System.CommandLine;
using Warp.Node.Configuration;
using Warp.Node.Hosting;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp run</c>: the node process.</summary>
internal static class RunCommand
{
    public static Command Create(ConnectionOptions connection)
    {
        var config = new Option<string?>("--config") { Description = "Settings of this node. Default: warp.conf in the data folder, when there is one.", HelpName = "FILE" };
        var set = new Option<string[]>("--set") { Description = "One setting, such as warp.network.ist-range=10.99.0.0/16; may be repeated.", HelpName = "KEY=VALUE" };
        var command = new Command("run", "Run the node until it is told to stop. Containers keep running when it ends.") { config, set };
        command.SetAction(async parsed =>
            (int)await NodeHost.RunAsync(SettingsSources.ForProcess(connection.Data(parsed), parsed.GetValue(config), parsed.GetValue(set) ?? [])));
        return command;
    }
}
