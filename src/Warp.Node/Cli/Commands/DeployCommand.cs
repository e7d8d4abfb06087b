using System.CommandLine;
using Warp.Node.Cli.Deploying;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp deploy</c>: makes or changes a deployment, and shows it coming up.</summary>
internal static class DeployCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var paths = new Argument<string[]>("FILE|FOLDER") { Description = $"A deployment's JSON file, or one folder with a {ServiceFolder.FileName} for each service.", Arity = ArgumentArity.OneOrMore };
        var name = new Option<string?>("--name") { Description = "The deployment's name. Default: the file's 'name', else the folder's name (of several: their parent's).", HelpName = "DEPLOYMENT" };
        var runners = new Option<string[]>("--runner") { Description = "Where a service runs; may be repeated and wins over the file.", HelpName = "SERVICE=RUNNER" };
        var command = new Command("deploy", "Make or change a deployment and wait until all of it runs.") { paths, name, runners };
        ChangingVerb.SetAction(command, connection, output, (node, parsed, wish, cancellationToken) =>
        {
            var input = DeployInput.Read(parsed.GetRequiredValue(paths), parsed.GetValue(name), parsed.GetValue(runners) ?? []);
            return node.PutAsync(input.Name, input.Document, wish, cancellationToken);
        });
        return command;
    }
}
