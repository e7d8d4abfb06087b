using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Documents;

/// <summary>One service of a deployment.</summary>
/// <param name="Name">The service's name, unique in its deployment.</param>
/// <param name="Image">The image reference.</param>
/// <param name="IstAddress">The address at which its peers reach it, for life.</param>
/// <param name="Port">Where its public URL leads; null until its image was seen.</param>
/// <param name="Waiting">Why it is not placed, for a person; null when it is.</param>
/// <param name="Instances">Its instances; while one is replaced or moved, the old and the new one. Empty while no runner can take it.</param>
/// <param name="Replicas">How many instances are wished.</param>
internal sealed record ServiceDocument(
    string Name,
    string Image,
    string IstAddress,
    int? Port,
    string? Waiting,
    ImmutableArray<InstanceDocument> Instances,
    int Replicas = 1)
{
    /// <summary>Its public URLs, the one under the base domain first; empty when it is not public or the node has no base domain.</summary>
    public ImmutableArray<string> Urls { get; init; } = [];

    public static ServiceDocument From(ServiceView view, ImmutableArray<string> urls) => new(
        view.Service.Value, view.Image, view.IstAddress.ToString(), view.Port, view.Waiting, [.. view.Instances.Select(InstanceDocument.From)], view.Replicas)
    {
        Urls = urls,
    };
}
