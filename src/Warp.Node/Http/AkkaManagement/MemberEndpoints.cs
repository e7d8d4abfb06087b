using Akka.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>Akka Management's routes of the cluster's members (https://doc.akka.io/libraries/akka-management/current/cluster-http-management.html).</summary>
internal static class MemberEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IClusterAccess access)
    {
        routes.MapGet("/cluster/members", () => AkkaAnswers.With(access, static cluster => AkkaAnswers.Json(MembersDocument.From(cluster), ManagementJson.Default.MembersDocument)))
            .Requires(AccessLevel.Read)
            .Describe("listMembers", "Cluster", "The cluster as this node sees it, in the form of Akka Management.")
            .Produces<MembersDocument>()
            .Produces<MessageDocument>(StatusCodes.Status500InternalServerError);
        routes.MapGet("/cluster/members/{**address}", (string address) => AkkaAnswers.With(access, cluster => WithMember(cluster, address, static (_, member) =>
                AkkaAnswers.Json(MemberDocument.From(member), ManagementJson.Default.MemberDocument))))
            .Requires(AccessLevel.Read)
            .Describe("getMember", "Cluster", "One member, in the form of Akka Management.")
            .Produces<MemberDocument>()
            .Produces<MessageDocument>(StatusCodes.Status404NotFound)
            .Produces<MessageDocument>(StatusCodes.Status500InternalServerError);
    }

    /// <summary>Finds the member that a path names: by its full address, or by the part after <c>//</c>.</summary>
    internal static IResult WithMember(Akka.Cluster.Cluster cluster, string asGiven, Func<Akka.Cluster.Cluster, Member, IResult> answer)
    {
        // The server has decoded everything but the slash.
        var address = asGiven.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var found = cluster.State.Members.FirstOrDefault(member => IsAt(member.Address.ToString(), address));
        return found is null ? AkkaAnswers.Message($"Member [{address}] not found", StatusCodes.Status404NotFound) : answer(cluster, found);
    }

    private static bool IsAt(string full, string wanted) =>
        string.Equals(full, wanted, StringComparison.Ordinal) || string.Equals(full[(full.IndexOf("//", StringComparison.Ordinal) + 2)..], wanted, StringComparison.Ordinal);
}
