using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Configuration;
using Warp.Node.Http.Access;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>
/// The probes of Akka Management (https://doc.akka.io/libraries/akka-management/current/healthchecks.html): 200 <c>OK</c>, or 500 with the check's name.
/// They need no certificate and tell nothing else.
/// </summary>
internal static class ProbeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IClusterAccess access, AkkaManagementSettings settings)
    {
        // The process answers, so it lives. A lost cluster is no reason to kill it: the node builds its actor system again by itself, and traffic goes on.
        routes.MapGet($"/{settings.LivenessPath}", () => TypedResults.Text("OK")).Requires(AccessLevel.Anyone)
            .Describe("alive", "Probes", "Whether the process lives. Needs no certificate.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        routes.MapGet($"/{settings.ReadinessPath}", () => ReadyAsync(access, settings)).Requires(AccessLevel.Anyone)
            .Describe("ready", "Probes", "Whether the node is a member of the cluster. Needs no certificate.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Produces<string>(StatusCodes.Status500InternalServerError, "text/plain");
    }

    private static async Task<ContentHttpResult> ReadyAsync(IClusterAccess access, AkkaManagementSettings settings)
    {
        try
        {
            return !settings.ChecksMembership || await Task.Run(() => IsMember(access, settings)).WaitAsync(settings.CheckTimeout)
                ? TypedResults.Text("OK")
                : Failed("Not Healthy: cluster-membership");
        }
        catch (TimeoutException)
        {
            return Failed("Health Check Failed: cluster-membership timed out");
        }
    }

    private static bool IsMember(IClusterAccess access, AkkaManagementSettings settings) =>
        AkkaAnswers.Find(access) is { } cluster && settings.ReadyStates.Contains(cluster.SelfMember.Status);

    private static ContentHttpResult Failed(string text) => TypedResults.Text(text, statusCode: StatusCodes.Status500InternalServerError);
}
