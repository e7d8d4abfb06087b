using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Documents;

/// <summary>The last accepted revisions of a deployment, the newest first; each can be rolled back to.</summary>
/// <param name="Name">The deployment's name.</param>
/// <param name="Revisions">Never empty.</param>
internal sealed record HistoryDocument(string Name, ImmutableArray<RevisionDocument> Revisions)
{
    public static HistoryDocument From(DeploymentHistory history) => new(history.Deployment.Value, [.. history.Revisions.Select(RevisionDocument.From)]);
}

/// <summary>One accepted revision.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="AcceptedAt">When.</param>
/// <param name="Reason">What made it, for a person.</param>
/// <param name="Completed">Whether all of it was serving once.</param>
/// <param name="Images">Each service's image, in the order of the accepted document.</param>
internal sealed record RevisionDocument(long Revision, DateTimeOffset AcceptedAt, string Reason, bool Completed, ImmutableArray<ServiceImageDocument> Images)
{
    public static RevisionDocument From(RevisionView view) =>
        new(view.Revision, view.AcceptedAt, view.Reason, view.Completed, [.. view.Images.Select(image => new ServiceImageDocument(image.Service.Value, image.Image))]);
}

/// <summary>A service and its image.</summary>
internal sealed record ServiceImageDocument(string Service, string Image);
