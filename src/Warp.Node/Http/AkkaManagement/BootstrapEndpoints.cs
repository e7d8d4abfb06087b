using System.Collections.Immutable;
using Akka.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>The contact point of Akka.Management's bootstrap for .NET: whom a node may join. Its names are in Pascal case and its states are numbers there.</summary>
internal static class BootstrapEndpoints
{
    private static readonly ImmutableArray<MemberStatus> Joinable = [MemberStatus.Joining, MemberStatus.WeaklyUp, MemberStatus.Up];

    public static void Map(IEndpointRouteBuilder routes, IClusterAccess access) => routes
        .MapGet("/bootstrap/seed-nodes", () => AkkaAnswers.Find(access) is { } cluster
            ? (IResult)AkkaAnswers.Json(From(cluster), ManagementJson.Default.SeedNodesDocument)
            : AkkaAnswers.Json(BootstrapErrorDocument.NotAvailable, ManagementJson.Default.BootstrapErrorDocument, StatusCodes.Status503ServiceUnavailable))
        .Requires(AccessLevel.Read)
        .Describe("listSeedNodes", "Cluster", "The members that a new node may join, in the form of Akka.Management's bootstrap for .NET.")
        .Produces<SeedNodesDocument>()
        .Produces<BootstrapErrorDocument>(StatusCodes.Status503ServiceUnavailable);

    // In any order, so that not all new nodes ask the same one. A node that leaves is none to join.
    private static SeedNodesDocument From(Akka.Cluster.Cluster cluster)
    {
        var state = cluster.State;
        var members = Joinable.Contains(cluster.SelfMember.Status) ? state.Members.Except(state.Unreachable).Where(member => Joinable.Contains(member.Status)).ToArray() : [];
        Random.Shared.Shuffle(members);
        return new(NodeAddressDocument.From(cluster.SelfAddress), [.. members.Select(SeedNodeDocument.From)]);
    }
}
