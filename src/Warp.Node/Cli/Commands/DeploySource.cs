using System.CommandLine;
using Warp.Node.Cli.Configuration;
using Warp.Node.Cli.Deploying;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Commands;

/// <summary>What is to be deployed: the same on <c>warp deploy</c> and <c>warp plan</c>.</summary>
internal sealed class DeploySource
{
    private readonly Argument<string[]> _paths = new("FOLDER")
    {
        Description = $"One for each service, with a {ConfigFolder.ScriptName}, a {ConfigFolder.JsonName} or only a Dockerfile; or such a file itself, or a whole deployment as one JSON file. Default: the present folder.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "The deployment's name. Default: the folder's name (of several: their parent's), or the 'name' in a deployment's JSON file.",
        HelpName = "DEPLOYMENT",
    };

    private readonly Option<string[]> _runners = new("--runner") { Description = "Where a service runs; may be repeated and wins over the file.", HelpName = "SERVICE=RUNNER" };
    private readonly Option<string[]> _replicas = new("--replicas") { Description = "How many instances a service has; may be repeated and wins over the file.", HelpName = "SERVICE=NUMBER" };

    public void AddTo(Command command)
    {
        command.Add(_paths);
        command.Add(_name);
        command.Add(_runners);
        command.Add(_replicas);
    }

    /// <summary>Reads and checks it; warnings go to the error side at once.</summary>
    /// <exception cref="OperatorException">Something is wrong; the message names file and line.</exception>
    public DeployInput Read(ParseResult parsed, CommandOutput output)
    {
        var input = DeployInput.Read(
            parsed.GetValue(_paths) ?? [],
            parsed.GetValue(_name),
            new DeployOverrides(parsed.GetValue(_runners) ?? [], parsed.GetValue(_replicas) ?? []),
            Environment.GetEnvironmentVariable);
        foreach (var warning in input.Warnings)
        {
            output.Fail($"warning: {warning}");
        }

        return input;
    }
}
