using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Warp.Node.Cli.Configuration;

namespace Warp.Node.Cli.Deploying;

/// <summary>Judges a deployment as the cluster will, before anything is built or sent: only here is it known in which line of which file a value is written.</summary>
internal static partial class LocalCheck
{
    private static readonly DeploymentName Nameless = DeploymentName.Parse("nameless");

    public static void Run(DeployInput input, ConfigProblems problems)
    {
        if (!DeploymentName.TryParse(input.Name, out var name, out var wrongName))
        {
            problems.Error($"{wrongName}. Give the deployment another name with --name.");
            name = Nameless;
        }

        foreach (var problem in SpecParser.Parse(name, Encoding.UTF8.GetBytes(input.Document(new Dictionary<string, string>(StringComparer.Ordinal)))).Problems)
        {
            problems.Error(Located(problem, input));
        }
    }

    private static string Located(SpecProblem problem, DeployInput input) =>
        ServiceField().Match(problem.Field) is { Success: true } match
        && int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture) is var index && index < input.Services.Count
            ? input.Services[index].Origin.At(match.Groups["field"].Value, ServiceNames(problem.Message, input))
            : $"{(problem.Field.Length == 0 ? "" : $"{problem.Field}: ")}{ServiceNames(problem.Message, input)}";

    // Positions in the document that is sent mean nothing to who wrote the files.
    private static string ServiceNames(string message, DeployInput input) => Position().Replace(message, match =>
        int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture) is var index && index < input.Services.Count ? input.Services[index].Origin.File : match.Value);

    [GeneratedRegex(@"^services\[(?<index>[0-9]{1,3})\](\.(?<field>.+))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex ServiceField();

    [GeneratedRegex(@"services\[(?<index>[0-9]{1,3})\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex Position();
}
