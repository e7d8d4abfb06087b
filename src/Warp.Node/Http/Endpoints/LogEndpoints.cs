using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Endpoints;

/// <summary>The output of a service's container, wherever it runs: read here, or passed on from the management API of the runner that has it.</summary>
internal static class LogEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors, IContainerLogs logs, RunnerForward forward)
    {
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapGet("/warp/v1/deployments/{name}/services/{service}/logs", async (string name, string service, HttpContext context) =>
        {
            var query = LogRequest.Parse(context.Request.Query);
            var instance = await InstanceLookup.FindAsync(actors, RouteNames.Deployment(name), service, query.Ordinal, context.RequestAborted);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await (InstanceLookup.IsHere(instance, forward, context)
                ? SendAsync(context, logs, query.Log, instance, ended.Token)
                : forward.SendAsync(context, instance.Runner, null, ended.Token));
        });
    }

    private static async Task SendAsync(HttpContext context, IContainerLogs logs, LogQuery query, InstanceView instance, CancellationToken ended)
    {
        var opened = await logs.OpenLogsAsync(InstanceLookup.ContainerOf(instance), query, ended);
        if (opened.Failure is { } failure)
        {
            throw new ProblemException(failure.Kind == RuntimeFailureKind.NotFound ? Problem.Conflict(failure.Message) : Problem.EngineUnavailable(failure.Message));
        }

        context.Response.Headers[LogStream.GenerationHeader] = instance.Generation.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[LogStream.RunnerHeader] = instance.Runner.Value;
        await LogStream.WriteAsync(context, opened.Value!.Lines, query.Follow, ended);
    }
}
