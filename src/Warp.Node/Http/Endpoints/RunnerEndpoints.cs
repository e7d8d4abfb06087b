using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http.Endpoints;

/// <summary>The runners and the links between them, as the directory of a control node knows them.</summary>
internal static class RunnerEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors)
    {
        routes.MapGet("/warp/v1/runners", async (CancellationToken cancellationToken) =>
        {
            var list = await actors.ListRunnersAsync(cancellationToken);
            return TypedResults.Json(new RunnerListDocument([.. list.Runners.Select(RunnerDocument.From)]), ManagementJson.Default.RunnerListDocument);
        });
        routes.MapGet("/warp/v1/tunnels", async (CancellationToken cancellationToken) =>
        {
            var list = await actors.ListRunnersAsync(cancellationToken);
            var tunnels = list.Runners.SelectMany(TunnelDocument.From)
                .OrderBy(tunnel => tunnel.Runner, StringComparer.Ordinal).ThenBy(tunnel => tunnel.Peer, StringComparer.Ordinal);
            return TypedResults.Json(new TunnelListDocument([.. tunnels]), ManagementJson.Default.TunnelListDocument);
        });
    }
}
