using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>Akka Management's cluster routes in their read-only form; the verbs that change the membership are answered with 405.</summary>
internal static class ClusterEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IClusterAccess access)
    {
        routes.MapGet("/cluster/members", () => With(access, static cluster => Json(MembersDocument.From(cluster), ManagementJson.Default.MembersDocument)))
            .Describe("listMembers", "Cluster", "The cluster as this node sees it, in the form of Akka Management.")
            .Produces<MembersDocument>()
            .Produces<MessageDocument>(StatusCodes.Status500InternalServerError);
        routes.MapGet("/cluster/members/{**address}", (string address) => With(access, cluster => Member(cluster, address)))
            .Describe("getMember", "Cluster", "One member, in the form of Akka Management.")
            .Produces<MemberDocument>()
            .Produces<MessageDocument>(StatusCodes.Status404NotFound)
            .Produces<MessageDocument>(StatusCodes.Status500InternalServerError);
    }

    private static IResult Member(Akka.Cluster.Cluster cluster, string asGiven)
    {
        // The server has decoded everything but the slash.
        var address = asGiven.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var found = cluster.State.Members.FirstOrDefault(member => IsAt(member.Address.ToString(), address));
        return found is null
            ? Message($"Member [{address}] not found", StatusCodes.Status404NotFound)
            : Json(MemberDocument.From(found), ManagementJson.Default.MemberDocument);
    }

    // Both the full address and the part after "//" name a member.
    private static bool IsAt(string full, string wanted) =>
        string.Equals(full, wanted, StringComparison.Ordinal) || string.Equals(full[(full.IndexOf("//", StringComparison.Ordinal) + 2)..], wanted, StringComparison.Ordinal);

    private static IResult With(IClusterAccess access, Func<Akka.Cluster.Cluster, IResult> read) =>
        access.Current is { } current && Akka.Cluster.Cluster.Get(current.System) is { IsTerminated: false } cluster
            ? read(cluster)
            : Message("This node is not in the cluster at the moment", StatusCodes.Status500InternalServerError);

    private static JsonHttpResult<MessageDocument> Message(string text, int status) => Json(new MessageDocument(text), ManagementJson.Default.MessageDocument, status);

    // Akka Management says "application/json" without a charset.
    private static JsonHttpResult<T> Json<T>(T document, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) => TypedResults.Json(document, type, "application/json", status);
}
