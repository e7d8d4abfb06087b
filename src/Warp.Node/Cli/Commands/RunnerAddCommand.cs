using System.CommandLine;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp runner add</c>: the bundle that lets another machine join.</summary>
internal static class RunnerAddCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var name = new Argument<string>("NAME") { Description = "The new runner's name in the cluster." };
        var address = new Option<string>("--address") { Description = "How other machines will reach it.", HelpName = "HOST", Required = true };
        var control = new Option<bool>("--control") { Description = "Let it host deployment actors too. Have one control node or three; two are no improvement over one." };
        var file = new Option<string?>("--out") { Description = "Where the bundle is written. Default: NAME.warp-bundle in this folder.", HelpName = "FILE" };
        var ports = new PortOptions();
        var add = new Command("add", "Issue a certificate for a new runner and write the bundle it joins with.") { name, address, control, file };
        ports.AddTo(add);
        add.SetAction(parsed =>
        {
            var written = RunnerBundles.Add(
                new AddRunnerRequest(
                    connection.Data(parsed), parsed.GetRequiredValue(name), parsed.GetRequiredValue(address), parsed.GetValue(control), ports.Of(parsed), parsed.GetValue(file)),
                TimeProvider.System);
            output.Line($"{written} holds the runner's certificate and private key: bring it there by a safe way, and delete it here.");
            output.Line($"Next, on the other machine: 'warp join {Path.GetFileName(written)}', then 'warp run'.");
            return (int)ExitCode.Ok;
        });
        return new Command("runner", "Runners of the cluster.") { add };
    }
}
