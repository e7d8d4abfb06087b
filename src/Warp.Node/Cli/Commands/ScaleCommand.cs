using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Warp.Node.Cli.Completing;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp scale</c>: how many instances share a service's address.</summary>
internal static class ScaleCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var what = new Argument<string[]>("[DEPLOYMENT/]SERVICE=N") { Description = "Which service, and how many instances of it; several of one deployment may be given.", Arity = ArgumentArity.OneOrMore }.CompletesServices(connection);
        var command = new Command("scale", "Set how many instances a service has.") { what };
        ChangingVerb.SetAction(command, connection, output, async (node, parsed, wish, cancellationToken) =>
        {
            var wishes = new List<(ServiceTarget Target, int Replicas)>();
            foreach (var (service, replicas) in parsed.GetRequiredValue(what).Select(Read).ToList())
            {
                wishes.Add((await ServiceTarget.FindAsync(node, service, cancellationToken), replicas));
            }

            if (wishes.Select(one => one.Target.Deployment).Distinct(StringComparer.Ordinal).Skip(1).Any())
            {
                throw new OperatorException(ExitCode.Usage, "These are services of several deployments: scale one deployment at a time.");
            }

            DeploymentDocument? accepted = null;
            foreach (var ((target, replicas), number) in wishes.Select((one, index) => (one, index)))
            {
                var body = JsonSerializer.Serialize(new ScaleRequest(replicas), RequestJson.Default.ScaleRequest);
                accepted = await node.ChangeAsync(target.Deployment, NodeClient.ServicePath(target.Service, "scale"), body, wish.Part(number), cancellationToken);
            }

            return accepted!;
        });
        return command;
    }

    // A service's name may hold '=', a number may not.
    private static (string Service, int Replicas) Read(string text) =>
        text.LastIndexOf('=') is > 0 and var split && int.TryParse(text[(split + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
            ? (text[..split], replicas)
            : throw new OperatorException(ExitCode.Usage, $"'{text}': write it as SERVICE=N or DEPLOYMENT/SERVICE=N, such as shop/app=3.");
}
