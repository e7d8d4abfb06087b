using Microsoft.Extensions.Primitives;
using static Akka.Cluster.ClusterEvent;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>Which events a reader wants: all, or those of the types and groups that it names. Names that are unknown are ignored; a reader that names only such gets none.</summary>
/// <param name="types">The names; empty for all.</param>
internal sealed class DomainEventFilter(StringValues types)
{
    private readonly HashSet<string> _wanted = [.. types.OfType<string>()];

    /// <summary>Whether the reader gets the event. Events that are internal to Akka have no type, and nobody gets them.</summary>
    public bool Lets(IClusterDomainEvent happened) =>
        DomainEventText.TypeOf(happened) is { } type
        && (_wanted.Count == 0 || _wanted.Contains(type) || _wanted.Contains("ClusterDomainEvent") || (GroupOf(happened) is { } group && _wanted.Contains(group)));

    private static string? GroupOf(IClusterDomainEvent happened) => happened switch
    {
        IMemberEvent => "MemberEvent",
        IReachabilityEvent => "ReachabilityEvent",
        _ => null,
    };
}
