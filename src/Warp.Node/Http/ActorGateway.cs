using System.Globalization;
using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http;

/// <summary>Asks the actors. This edge is the one place that waits for an actor's answer, and each wait is bounded.</summary>
internal sealed class ActorGateway(IClusterAccess cluster, TimeSpan timeout)
{
    /// <summary>Asks the actor of the deployment that the message names.</summary>
    /// <exception cref="ProblemException">No control node answers.</exception>
    public Task<object> AskDeploymentAsync(IDeploymentMessage message, CancellationToken cancellationToken) =>
        AskAsync(Connection().Deployments, message, cancellationToken);

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
