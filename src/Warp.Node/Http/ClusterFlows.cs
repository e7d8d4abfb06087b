using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http;

/// <summary>Who talks to whom on this runner, and on all: each counts its own callers, and is asked over its management API.</summary>
/// <param name="own">What passes here.</param>
/// <param name="denials">What was refused here.</param>
/// <param name="actors">Knows where the runners are.</param>
/// <param name="forward">Leads to the others.</param>
internal sealed class ClusterFlows(IFlowReader own, IDenials denials, ActorGateway actors, RunnerForward forward)
{
    /// <summary>Asks for one runner's part only.</summary>
    public const string Here = "here";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>This runner's part.</summary>
    public async Task<FlowListDocument> ReadHereAsync(CancellationToken cancellationToken)
    {
        var runner = forward.Self.Value;
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
        var parts = await Task.WhenAll(runners.Runners.Select(one => one.Status).Where(one => one.Runner != forward.Self)
            .Select(one => AskAsync(one, cancellationToken)).Prepend(ReadHereAsync(cancellationToken)));
        return new FlowListDocument([.. parts.SelectMany(part => part.Flows)], [.. parts.SelectMany(part => part.Denied)], [.. parts.SelectMany(part => part.Problems)]);
    }

    private async Task<FlowListDocument> AskAsync(RunnerStatus runner, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return await forward.ReadAsync(runner.Runner, runner.Management, $"{Endpoints.FlowEndpoints.Path}?{Here}=true", ManagementJson.Default.FlowListDocument, limit.Token);
        }
        catch (ProblemException failure)
        {
            return Missing(failure.Problem.Detail);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Missing($"{runner.Runner} did not answer within {Patience.TotalSeconds:0} s");
        }
    }

    private static FlowListDocument Missing(string why) => new([], [], [$"{why}; what its containers call is missing"]);
}
