using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Documents;

/// <summary>A deployment: what is wanted and what is really there, side by side.</summary>
/// <param name="Name">The deployment's name, unique in the cluster.</param>
/// <param name="Project">The project label.</param>
/// <param name="Environment">The environment label.</param>
/// <param name="Revision">The accepted revision, from 1; the answer's ETag holds the same number.</param>
/// <param name="Removing">Whether it is being taken away.</param>
/// <param name="Changed">Only in the answer to a change: whether it differed from what was accepted before.</param>
/// <param name="Services">In the order of the accepted document.</param>
/// <param name="Rollout">How far the accepted revision is.</param>
/// <param name="Outcome">For a person: why the last rollout was rolled back, or what it waits for; null when there is nothing to say.</param>
internal sealed record DeploymentDocument(
    string Name,
    string Project,
    string Environment,
    long Revision,
    bool Removing,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Changed,
    ImmutableArray<ServiceDocument> Services,
    RolloutState Rollout = RolloutState.Progressing,
    string? Outcome = null)
{
    public static DeploymentDocument From(DeploymentView view, IPublicUrls urls, bool? changed = null) => new(
        view.Deployment.Value,
        view.Project,
        view.Environment,
        view.Revision,
        view.Removing,
        changed,
        [.. view.Services.Select(service => ServiceDocument.From(service, view.Removing ? [] : urls.Of(view.Deployment, service)))],
        view.Rollout,
        view.Outcome);
}

/// <summary>All deployments, ordered by name.</summary>
internal sealed record DeploymentListDocument(ImmutableArray<DeploymentDocument> Deployments);

/// <summary>The answer to a removal.</summary>
/// <param name="Name">The deployment's name.</param>
/// <param name="Removing">Always true: the removal is kept and goes on.</param>
internal sealed record RemovalDocument(string Name, bool Removing);
