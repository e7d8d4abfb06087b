using Warp.Node.Configuration;

namespace Warp.Node.Cli;

/// <summary>A service as the command line names it: <c>DEPLOYMENT/SERVICE</c>, or <c>SERVICE</c> alone when only one deployment has one of that name.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Service">The service; it holds no slash.</param>
internal sealed record ServiceTarget(string Deployment, string Service)
{
    /// <summary>How help and errors name it.</summary>
    public const string Placeholder = "[DEPLOYMENT/]SERVICE";

    /// <summary>Reads the form with a slash.</summary>
    /// <returns>Null when the text is not of that form.</returns>
    public static ServiceTarget? Split(string text) =>
        text.Split('/', 2) is [{ Length: > 0 } deployment, { Length: > 0 } service] ? new ServiceTarget(deployment, service) : null;

    /// <summary>Reads either form; asks the node who has the service when the deployment is left out.</summary>
    /// <exception cref="OperatorException">No deployment has it, or several have.</exception>
    public static async Task<ServiceTarget> FindAsync(NodeClient node, string text, CancellationToken cancellationToken)
    {
        if (Split(text) is { } full)
        {
            return full;
        }

        var list = await node.ListAsync(cancellationToken);
        var owners = list.Deployments.Where(one => one.Services.Any(each => string.Equals(each.Name, text, StringComparison.Ordinal))).Select(one => one.Name).ToList();
        return owners switch
        {
            [var only] => new ServiceTarget(only, text),
            [] => throw new OperatorException(ExitCode.NotFound, $"No deployment has a service '{text}'. 'warp ps' lists those there are."),
            _ => throw new OperatorException(ExitCode.Usage, $"Several deployments have a service '{text}': say which, as one of {string.Join(", ", owners.Select(owner => $"{owner}/{text}"))}."),
        };
    }
}
