using Warp.Cluster.Protocol;
using Warp.Node.Diagnosis;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http;

/// <summary>Has runners looked at: this one by its own doctor, the others by theirs.</summary>
internal sealed class Examinations(ActorGateway actors, IClusterAccess cluster, IDoctor doctor, RunnerForward forward)
{
    /// <summary>All runners; without a control node only this one.</summary>
    public async Task<ExaminationListDocument> AllAsync(CancellationToken cancellationToken)
    {
        if (await ListAsync(cancellationToken) is not { List: { } list })
        {
            return new ExaminationListDocument([await SelfAsync(cancellationToken)]);
        }

        var others = list.Runners.Where(view => view.Status.Runner != forward.Self).Select(view => OtherAsync(view.Status, cancellationToken));
        var all = await Task.WhenAll(others.Append(SelfAsync(cancellationToken)));
        return new ExaminationListDocument([.. all.OrderBy(examined => examined.Runner, StringComparer.Ordinal)]);
    }

    /// <summary>This runner.</summary>
    public async Task<ExaminationDocument> SelfAsync(CancellationToken cancellationToken)
    {
        var (list, problem) = await ListAsync(cancellationToken);
        var findings = await doctor.ExamineAsync(list is null ? [] : PeerPlaces.Of(list, forward.Self, cluster.Current?.System), cancellationToken);
        return new ExaminationDocument(
            forward.Self.Value,
            problem is null ? findings : [Finding.Problem("cluster", problem, "containers and their connections go on; start a control node, or restore the network to it"), .. findings]);
    }

    private async Task<ExaminationDocument> OtherAsync(RunnerStatus runner, CancellationToken cancellationToken)
    {
        try
        {
            return await forward.ReadAsync(
                runner.Runner, runner.Management, $"/warp/v1/runners/{runner.Runner}/doctor", ManagementJson.Default.ExaminationDocument, cancellationToken);
        }
        catch (ProblemException failure)
        {
            return new ExaminationDocument(
                runner.Runner.Value, [Finding.Problem("node", failure.Problem.Detail, $"on {runner.Runner}: 'systemctl status warp', 'journalctl -u warp', and 'warp doctor', which also works while its node does not run")]);
        }
    }

    private async Task<(RunnerList? List, string? Problem)> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await actors.ListRunnersAsync(cancellationToken), null);
        }
        catch (ProblemException failure)
        {
            return (null, failure.Problem.Detail);
        }
    }
}
