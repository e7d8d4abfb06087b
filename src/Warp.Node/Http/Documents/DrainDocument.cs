using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Documents;

/// <summary>How far the draining of a runner is.</summary>
/// <param name="Name">The runner.</param>
/// <param name="Since">When it was asked for.</param>
/// <param name="DeadlineSeconds">How long connections of an instance that was moved may go on at most.</param>
/// <param name="Done">Whether all has left that is going to: what is still listed stays.</param>
/// <param name="Instances">What is still there, ordered by name.</param>
/// <param name="Unknown">Containers that the runner reports beyond those: of a deployment that the control node does not know, or has not heard of yet since it started.</param>
internal sealed record DrainDocument(string Name, DateTimeOffset Since, int DeadlineSeconds, bool Done, ImmutableArray<DrainInstanceDocument> Instances, int Unknown)
{
    /// <param name="drain">What was asked for.</param>
    /// <param name="runners">The runners now.</param>
    /// <param name="deployments">The deployments now.</param>
    public static DrainDocument From(RunnerDrain drain, RunnerList runners, DeploymentList deployments)
    {
        ImmutableArray<DrainInstanceDocument> left =
        [
            .. from deployment in deployments.Deployments
               from service in deployment.Services
               from instance in service.Instances
               where instance.Runner == drain.Runner
               select DrainInstanceDocument.From(deployment, service, instance),
        ];
        var reported = runners.Runners.FirstOrDefault(view => view.Status.Runner == drain.Runner)?.Status.Instances ?? 0;
        var unknown = Math.Max(0, reported - left.Length);
        return new DrainDocument(drain.Runner.Value, drain.Since, drain.DeadlineSeconds, unknown == 0 && left.All(instance => instance.State == DrainInstanceState.Stays), left, unknown);
    }
}

/// <summary>One instance that is still on a runner that is being drained.</summary>
/// <param name="Deployment">Its deployment.</param>
/// <param name="Service">Its service.</param>
/// <param name="Ordinal">The replica's number.</param>
/// <param name="State">What becomes of it.</param>
/// <param name="Reason">Why it stays, with the next step; null when it does not.</param>
internal sealed record DrainInstanceDocument(string Deployment, string Service, int Ordinal, DrainInstanceState State, string? Reason)
{
    public static DrainInstanceDocument From(DeploymentView deployment, ServiceView service, InstanceView instance) =>
        new(deployment.Deployment.Value, service.Service.Value, instance.Ordinal, StateOf(service, instance), instance.Stays);

    private static DrainInstanceState StateOf(ServiceView service, InstanceView instance) => instance switch
    {
        { Role: PlacementRole.Draining or PlacementRole.Retiring } => DrainInstanceState.Finishing,
        { Stays: not null } => DrainInstanceState.Stays,
        _ when service.Instances.Any(other => other.Ordinal == instance.Ordinal && other.Role == PlacementRole.Starting && other.Runner != instance.Runner) => DrainInstanceState.Moving,
        _ => DrainInstanceState.Waiting,
    };
}

/// <summary>What becomes of an instance on a runner that is being drained.</summary>
internal enum DrainInstanceState
{
    /// <summary>It serves here until it is its turn.</summary>
    Waiting,

    /// <summary>Its successor starts on another runner.</summary>
    Moving,

    /// <summary>Its successor serves; its own connections come to their end.</summary>
    Finishing,

    /// <summary>It is not moved.</summary>
    Stays,
}

/// <summary>A runner takes services again.</summary>
internal sealed record UndrainDocument(string Name);

/// <summary>Asks for a runner to be drained.</summary>
/// <param name="DeadlineSeconds">How long connections of an instance that was moved may go on at most, 0 to 3600; null: as the node's settings say.</param>
internal sealed record DrainRequest(int? DeadlineSeconds = null)
{
    /// <summary>No service allows more.</summary>
    public const int MostSeconds = 3600;
}
