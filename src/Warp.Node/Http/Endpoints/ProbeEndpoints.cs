using Akka.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>
/// The probes of Akka Management (https://doc.akka.io/libraries/akka-management/current/healthchecks.html): 200 <c>OK</c>, or 500 with the check's name.
/// They need no certificate and tell nothing else.
/// </summary>
internal static class ProbeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IClusterAccess cluster)
    {
        // The process answers, so it lives. A lost cluster is no reason to kill it: the node builds its actor system again by itself, and traffic goes on.
        routes.MapGet("/alive", () => TypedResults.Text("OK")).WithMetadata(OpenToAll.Instance)
            .Describe("alive", "Probes", "Whether the process lives. Needs no certificate.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        routes.MapGet("/ready", () => Ready(cluster)).WithMetadata(OpenToAll.Instance)
            .Describe("ready", "Probes", "Whether the node is a member of the cluster. Needs no certificate.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Produces<string>(StatusCodes.Status500InternalServerError, "text/plain");
    }

    private static ContentHttpResult Ready(IClusterAccess cluster) =>
        cluster.Current is { } current && Akka.Cluster.Cluster.Get(current.System) is { IsTerminated: false } member && member.SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp
            ? TypedResults.Text("OK")
            : TypedResults.Text("Not Healthy: cluster-membership", statusCode: StatusCodes.Status500InternalServerError);
}
