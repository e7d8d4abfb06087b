using System.CommandLine;
using System.CommandLine.Completions;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Completing;

/// <summary>Names that a shell offers while a command line is typed, as the node knows them. A node that does not answer at once offers none.</summary>
internal static class NameCompletions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static Argument<T> CompletesDeployments<T>(this Argument<T> argument, ConnectionOptions connection)
    {
        argument.CompletionSources.Add(context => Ask(connection, context, DeploymentsAsync));
        return argument;
    }

    /// <summary>Offers <c>DEPLOYMENT/SERVICE</c>.</summary>
    public static Argument<T> CompletesServices<T>(this Argument<T> argument, ConnectionOptions connection)
    {
        argument.CompletionSources.Add(context => Ask(connection, context, ServicesAsync));
        return argument;
    }

    public static Argument<T> CompletesRunners<T>(this Argument<T> argument, ConnectionOptions connection)
    {
        argument.CompletionSources.Add(context => Ask(connection, context, RunnersAsync));
        return argument;
    }

    public static Option<T> CompletesRunners<T>(this Option<T> option, ConnectionOptions connection)
    {
        option.CompletionSources.Add(context => Ask(connection, context, RunnersAsync));
        return option;
    }

    private static async Task<IEnumerable<string>> DeploymentsAsync(NodeClient node, CancellationToken cancellationToken) =>
        (await node.ListAsync(cancellationToken)).Deployments.Select(one => one.Name);

    private static async Task<IEnumerable<string>> ServicesAsync(NodeClient node, CancellationToken cancellationToken) =>
        (await node.ListAsync(cancellationToken)).Deployments.SelectMany(one => one.Services.Select(service => $"{one.Name}/{service.Name}"));

    private static async Task<IEnumerable<string>> RunnersAsync(NodeClient node, CancellationToken cancellationToken) =>
        (await node.RunnersAsync(cancellationToken)).Runners.Select(one => one.Name);

    private static IEnumerable<CompletionItem> Ask(ConnectionOptions connection, CompletionContext context, Func<NodeClient, CancellationToken, Task<IEnumerable<string>>> ask)
    {
        try
        {
            using var node = connection.Connect(context.ParseResult);
            using var time = new CancellationTokenSource(Patience);

            // The library asks without waiting; this process does nothing else.
            return [.. Task.Run(() => ask(node, time.Token)).GetAwaiter().GetResult().Select(name => new CompletionItem(name))];
        }
        catch (Exception away) when (away is OperatorException or OperationCanceledException)
        {
            return [];
        }
    }
}
