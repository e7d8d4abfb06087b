using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
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
            var instance = await FindAsync(actors, RouteNames.Deployment(name), service, query.Ordinal, context.RequestAborted);
            var self = forward.Self;
            if (instance.Runner == self)
            {
                await SendAsync(context, logs, query.Log, instance, stopping);
            }
            else if (RunnerForward.Origin(context) is { } origin)
            {
                throw new ProblemException(Problem.Conflict($"{origin} looked for the container on {self}, and {self} knows it on {instance.Runner}: it is moving. Ask again in a few seconds"));
            }
            else
            {
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
                await forward.SendAsync(context, instance.Runner, null, ended.Token);
            }
        });
    }

    private static async Task<InstanceView> FindAsync(ActorGateway actors, DeploymentName name, string service, int ordinal, CancellationToken cancellationToken)
    {
        var view = await actors.GetDeploymentAsync(name, cancellationToken);
        var found = view.Services.FirstOrDefault(one => string.Equals(one.Service.Value, service, StringComparison.Ordinal))
            ?? throw new ProblemException(Problem.NotFound($"the deployment '{name}' has no service '{service}'; it has: {string.Join(", ", view.Services.Select(one => one.Service.Value))}"));

        // While an ordinal is replaced it has two instances: the one that serves is meant, else the newest.
        return found.Instances.Where(one => one.Ordinal == ordinal)
            .OrderByDescending(one => one.Role == PlacementRole.Serving).ThenByDescending(one => one.Generation).FirstOrDefault()
            ?? throw new ProblemException(found.Instances.IsEmpty
                ? Problem.Conflict($"'{service}' is not placed on any runner yet: {found.Waiting ?? "the placement is under way"}")
                : Problem.NotFound($"'{service}' has {found.Instances.Length} instances; ordinal {ordinal} is not one of them"));
    }

    private static async Task SendAsync(HttpContext context, IContainerLogs logs, LogQuery query, InstanceView instance, CancellationToken stopping)
    {
        var container = instance.Observed?.ContainerId ?? throw new ProblemException(Problem.Conflict(
            $"there is no container yet (phase {instance.Observed?.Phase ?? InstancePhase.Pending}){(instance.Observed?.Cause is { } cause ? $": {cause}" : "; ask again in a few seconds")}"));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var opened = await logs.OpenLogsAsync(container, query, ended.Token);
        if (opened.Failure is { } failure)
        {
            throw new ProblemException(failure.Kind == RuntimeFailureKind.NotFound ? Problem.Conflict(failure.Message) : Problem.EngineUnavailable(failure.Message));
        }

        context.Response.Headers[LogStream.GenerationHeader] = instance.Generation.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[LogStream.RunnerHeader] = instance.Runner.Value;
        await LogStream.WriteAsync(context, opened.Value!.Lines, query.Follow, ended.Token);
    }
}
