using System.Globalization;
using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http;

/// <summary>Asks the actors. This edge is the one place that waits for an actor's answer, and each wait is bounded.</summary>
internal sealed class ActorGateway(IClusterAccess cluster, TimeSpan timeout)
{
    // Also a busy control node has answered most requests by then.
    private readonly TimeSpan _doubtful = timeout / 10;

    /// <summary>Asks the actor of the deployment that the message names.</summary>
    /// <exception cref="ProblemException">No control node answers, or none can write.</exception>
    public async Task<object> AskDeploymentAsync(IDeploymentMessage message, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var connection = Connection();
        var answer = AskAsync(connection.Deployments, message, waiting.Token);
        if (connection.Journal is { } journal && await Task.WhenAny(answer, Task.Delay(_doubtful, waiting.Token)) != answer)
        {
            // A deployment that is new has no actor that could say that the journal does not take it.
            var probe = ProbeAsync(journal, waiting.Token);
            if (await Task.WhenAny(answer, probe) == probe && await probe is { } cause)
            {
                await waiting.CancelAsync();
                throw new ProblemException(Problem.ControlPlaneUnreachable(
                    $"the control node's database did not take the request ({cause}); look at its disk and the node's log, then send it again"));
            }
        }

        return await answer;
    }

    /// <summary>One deployment.</summary>
    /// <exception cref="ProblemException">There is none of that name, or no control node answers.</exception>
    public async Task<DeploymentView> GetDeploymentAsync(DeploymentName name, CancellationToken cancellationToken) =>
        await AskDeploymentAsync(new GetDeployment(name), cancellationToken) switch
        {
            DeploymentView view => view,
            DeploymentNotFound => throw new ProblemException(Missing(name)),
            var other => throw Unexpected(other),
        };

    /// <summary>Every deployment.</summary>
    /// <exception cref="ProblemException">No control node answers.</exception>
    public async Task<DeploymentList> ListDeploymentsAsync(CancellationToken cancellationToken) =>
        await AskAsync(Connection().Catalog, new ListDeployments(), cancellationToken) as DeploymentList ?? throw Unexpected("no list of deployments");

    /// <summary>Every runner.</summary>
    /// <exception cref="ProblemException">No control node answers.</exception>
    public async Task<RunnerList> ListRunnersAsync(CancellationToken cancellationToken) =>
        await AskAsync(Connection().Directory, new ListRunners(), cancellationToken) as RunnerList ?? throw Unexpected("no list of runners");

    /// <summary>Asks the keeper of the logins at image registries.</summary>
    /// <exception cref="ProblemException">No control node answers.</exception>
    public Task<object> AskRegistriesAsync(IWarpMessage message, CancellationToken cancellationToken) => AskAsync(Connection().Registries, message, cancellationToken);

    /// <summary>Asks the one that decides whom the cluster takes.</summary>
    /// <exception cref="ProblemException">No control node answers.</exception>
    public Task<object> AskTrustAsync(IWarpMessage message, CancellationToken cancellationToken) => AskAsync(Connection().Trust, message, cancellationToken);

    public static Problem Missing(DeploymentName name) => Problem.NotFound($"there is no deployment '{name}'; 'warp ps' lists those there are");

    public static InvalidOperationException Unexpected(object answer) => new($"an actor answered {answer}");

    private ClusterConnection Connection() =>
        cluster.Current ?? throw new ProblemException(Problem.ControlPlaneUnreachable(
            "this node is not in the cluster at the moment (it starts, or joins anew); containers and their connections go on. Try again in a few seconds"));

    /// <returns>Why the journal takes nothing; null when it does, or does not answer in time either.</returns>
    private async Task<string?> ProbeAsync(ICanTell journal, CancellationToken cancellationToken)
    {
        try
        {
            return (await journal.Ask<JournalProbed>(new ProbeJournal(), timeout, cancellationToken)).Failure;
        }
        catch (Exception late) when (late is AskTimeoutException or TaskCanceledException)
        {
            return null;
        }
    }

    private async Task<object> AskAsync(ICanTell? target, object message, CancellationToken cancellationToken)
    {
        if (target is null)
        {
            throw new ProblemException(Problem.ControlPlaneUnreachable(
                "this node reaches no control node; containers and their connections go on. See /cluster/members, and start a control node or restore the network to it"));
        }

        try
        {
            return await target.Ask<object>(message, timeout, cancellationToken) is var answer && answer is Status.Failure failed ? throw failed.Cause : answer;
        }
        catch (Exception failure) when (failure is AskTimeoutException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new ProblemException(Problem.ControlPlaneUnreachable(string.Create(
                CultureInfo.InvariantCulture,
                $"no control node answered within {timeout.TotalSeconds:0.#} s; the request may still have been taken. See /cluster/members, and the control nodes' logs: one that cannot reach its database does not answer. Ask again: every request can be repeated")));
        }
    }
}
