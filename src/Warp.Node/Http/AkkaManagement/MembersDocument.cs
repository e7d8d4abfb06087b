using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Akka.Cluster;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>
/// The cluster as this node sees it, in the format of Akka Management's <c>GET /cluster/members</c>
/// (https://doc.akka.io/libraries/akka-management/current/cluster-http-management.html). Leader and oldest are left out when unknown; only members that are Up
/// count for the oldest.
/// </summary>
internal sealed record MembersDocument(
    string SelfNode,
    ImmutableArray<MemberDocument> Members,
    ImmutableArray<UnreachableDocument> Unreachable,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Leader,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Oldest,
    ImmutableSortedDictionary<string, string> OldestPerRole)
{
    public static MembersDocument From(Akka.Cluster.Cluster cluster)
    {
        var state = cluster.State;
        var byAge = state.Members.Where(member => member.Status == MemberStatus.Up)
            .OrderBy(member => member, Comparer<Member>.Create((one, other) => one.IsOlderThan(other) ? -1 : other.IsOlderThan(one) ? 1 : 0)).ToList();
        var self = cluster.SelfAddress.ToString();
        return new(
            self,
            [.. state.Members.Select(MemberDocument.From)],
            [.. state.Unreachable.Select(member => member.Address.ToString()).Order(StringComparer.Ordinal).Select(node => new UnreachableDocument(node, [self]))],
            state.Leader?.ToString(),
            byAge.FirstOrDefault()?.Address.ToString(),
            byAge.SelectMany(member => member.Roles).Distinct(StringComparer.Ordinal).ToImmutableSortedDictionary(
                role => role, role => byAge.First(member => member.HasRole(role)).Address.ToString(), StringComparer.Ordinal));
    }
}

/// <summary>One member; <paramref name="NodeUid"/> is a string in this format.</summary>
internal sealed record MemberDocument(string Node, string NodeUid, string Status, ImmutableArray<string> Roles)
{
    public static MemberDocument From(Member member) => new(
        member.Address.ToString(),
        member.UniqueAddress.Uid.ToString(CultureInfo.InvariantCulture),
        member.Status.ToString(),
        [.. member.Roles.Order(StringComparer.Ordinal)]);
}

/// <summary>A member that cannot be reached. Akka.NET does not tell who else observed it: the only observer named is this node.</summary>
internal sealed record UnreachableDocument(string Node, ImmutableArray<string> ObservedBy);

/// <summary>The short answer of Akka Management's cluster routes.</summary>
internal sealed record MessageDocument(string Message);
