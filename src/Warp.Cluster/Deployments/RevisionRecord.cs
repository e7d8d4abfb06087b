using System.Collections.Immutable;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>One accepted revision as it is kept.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="AcceptedAt">When; the Unix epoch when a version of the program without rollouts accepted it.</param>
/// <param name="Reason">What made it, for a person.</param>
/// <param name="Completed">Whether all of it was serving once.</param>
/// <param name="Images">Each service's image.</param>
/// <param name="Packed">Its spec as <see cref="PackedSpec"/> keeps it; null for the accepted revision, whose spec the state has.</param>
internal sealed record RevisionRecord(
    long Revision, DateTimeOffset AcceptedAt, string Reason, bool Completed, ImmutableArray<ServiceImage> Images, ReadOnlyMemory<byte>? Packed = null)
{
    /// <summary>What made a revision when nothing else is said.</summary>
    public const string Deployed = "deploy";

    /// <summary>The record of a revision that has just been accepted.</summary>
    public static RevisionRecord Of(long revision, DateTimeOffset? acceptedAt, string? reason, DeploymentSpec spec) => new(
        revision,
        acceptedAt ?? DateTimeOffset.UnixEpoch,
        reason ?? Deployed,
        Completed: false,
        [.. spec.Services.Select(service => new ServiceImage(service.Name, service.Image))]);
}
