using System.Net.Http.Json;
using System.Text.Json;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>Who talks to whom on this runner, and on all: each counts its own callers, and is asked over its management API.</summary>
/// <param name="own">What passes here.</param>
/// <param name="denials">What was refused here.</param>
/// <param name="actors">Knows where the runners are.</param>
/// <param name="credentials">What this node proves itself with.</param>
internal sealed class ClusterFlows(IFlowReader own, IDenials denials, ActorGateway actors, ICredentialSource credentials)
{
    /// <summary>Asks for one runner's part only.</summary>
    public const string Here = "here";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>This runner's part.</summary>
    public async Task<FlowListDocument> ReadHereAsync(CancellationToken cancellationToken)
    {
        var runner = credentials.Current.Runner.Value;
        var (passing, refused) = (await own.ReadAsync(cancellationToken), await denials.ReadAsync(cancellationToken));
        return new FlowListDocument(
            [.. passing.Flows.Select(flow => FlowDocument.From(runner, flow))],
            [.. refused.Latest.Select(one => new DeniedDocument(runner, one.Place, one.Reason, one.Caller, one.Target, one.Last, one.Times))],
            [.. new[] { passing.Problem, refused.Problem }.OfType<string>().Select(problem => $"{runner}: {problem}")]);
    }

    /// <summary>Every runner's part; one that does not answer is a problem of the answer.</summary>
    public async Task<FlowListDocument> ReadAsync(CancellationToken cancellationToken)
    {
        var runners = await actors.ListRunnersAsync(cancellationToken);
        var parts = await Task.WhenAll(runners.Runners.Select(one => one.Status).Where(one => one.Runner != credentials.Current.Runner)
            .Select(one => AskAsync(one, cancellationToken)).Prepend(ReadHereAsync(cancellationToken)));
        return new FlowListDocument([.. parts.SelectMany(part => part.Flows)], [.. parts.SelectMany(part => part.Denied)], [.. parts.SelectMany(part => part.Problems)]);
    }

    private async Task<FlowListDocument> AskAsync(RunnerStatus runner, CancellationToken cancellationToken)
    {
        string? refusal = null;
        using var handler = PeerConnection.Handler(credentials.Current, runner.Runner, reason => refusal = reason);
        using var client = new HttpClient(handler) { Timeout = Patience };
        var place = new UriBuilder("https", runner.Management.Host, runner.Management.Port, Endpoints.FlowEndpoints.Path, $"?{Here}=true").Uri;
        try
        {
            return await client.GetFromJsonAsync(place, ManagementJson.Default.FlowListDocument, cancellationToken) ?? Missing(runner.Runner, "it answers nothing");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Missing(runner.Runner, refusal ?? failure.Message);
        }
    }

    private static FlowListDocument Missing(RunnerId runner, string why) => new([], [], [$"{runner} does not answer at its management port: {why}. What its containers call is missing"]);
}
