using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;
using Warp.Node.Images.Builds;
using Warp.Node.Images.Context;

namespace Warp.Node.Http.Endpoints;

/// <summary>Builds an image from the tar archive in the request's body, on the runner that the path names ("-": any), and tells as JSON lines what happens.</summary>
internal static class BuildEndpoints
{
    private const string AnyRunner = "-";

    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors, RunnerForward forward, IImageBuilder? builder, long maxContextBytes)
    {
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapPost("/warp/v1/runners/{runner}/builds", async (string runner, HttpContext context) =>
        {
            var request = Parse(context.Request.Query);
            CheckSize(context.Request.Query["bytes"], maxContextBytes);
            var place = await PlaceAsync(actors, runner, request, context.RequestAborted);
            Unbound(context, maxContextBytes);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            if (place == forward.Self && builder is not null)
            {
                await BuildAsync(context, builder, request, ended.Token);
            }
            else if (RunnerForward.Origin(context) is not null || place == forward.Self)
            {
                throw new ProblemException(Problem.Conflict($"{forward.Self} cannot build images for {place}: name a runner of 'warp runners' with a working engine"));
            }
            else
            {
                await forward.SendAsync(context, place, $"/warp/v1/runners/{place}/builds", ended.Token);
            }
        })
            .RequiresForChange(AccessLevel.Deploy, byRunners: true)
            .Describe("buildImage", "Images", "Build an image from a tar archive, on the named runner or on any ('-').", "The body is the build context (application/x-tar).")
            .Streams<BuildEventDocument>("What happens, as JSON lines; the schema is that of one line. The last one names the image or the error.")
            .Takes(RouteDeployment.Query, ParameterLocation.Query, Described.Text(), "Whose image it is.", required: true)
            .Takes("service", ParameterLocation.Query, Described.Text(), "The service's name.", required: true)
            .Takes("dockerfile", ParameterLocation.Query, Described.Text(), "Path of the Dockerfile inside the context; 'Dockerfile' when left out.")
            .Refuses(
                StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status502BadGateway, StatusCodes.Status503ServiceUnavailable);
    }

    private static BuildRequest Parse(IQueryCollection query)
    {
        var deployment = DeploymentName.TryParse(query[RouteDeployment.Query], out var name, out var problem) ? name : throw new ProblemException(Problem.InvalidRequest("deployment", problem));
        var service = ServiceName.TryParse(query["service"], out var known, out problem) ? known : throw new ProblemException(Problem.InvalidRequest("service", problem));
        return new BuildRequest(deployment, service, query["dockerfile"].ToString() is { Length: > 0 } dockerfile ? dockerfile : BuildContext.DefaultDockerfile);
    }

    private static async Task<RunnerId> PlaceAsync(ActorGateway actors, string runner, BuildRequest request, CancellationToken cancellationToken)
    {
        if (!string.Equals(runner, AnyRunner, StringComparison.Ordinal))
        {
            return RunnerId.TryParse(runner, out var named, out var problem) ? named : throw new ProblemException(Problem.InvalidRequest("runner", problem));
        }

        var deployment = await actors.AskDeploymentAsync(new GetDeployment(request.Deployment), cancellationToken) as DeploymentView;
        return BuildPlace.Choose(await actors.ListRunnersAsync(cancellationToken), deployment, request.Service)
            ?? throw new ProblemException(Problem.Conflict("no runner that can be reached has a working container engine; see 'warp runners'"));
    }

    // Later, a client that still sends could hardly be told.
    private static void CheckSize(string? announced, long maxContextBytes)
    {
        if (long.TryParse(announced, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > maxContextBytes)
        {
            throw new ProblemException(Problem.Of(
                StatusCodes.Status413PayloadTooLarge,
                "The build context is too large",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it has {bytes / 1e6:0.0} MB, and {maxContextBytes / 1e6:0.0} MB are taken. Leave out what the build does not need in .dockerignore, or raise warp.docker.build-context-limit on the runners")));
        }
    }

    // A context is large, and the engine takes it at its own pace.
    private static void Unbound(HttpContext context, long maxContextBytes)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = maxContextBytes;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private static async Task BuildAsync(HttpContext context, IImageBuilder builder, BuildRequest request, CancellationToken cancellationToken)
    {
        context.Response.ContentType = LogStream.NdJson;
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await builder.BuildAsync(request, context.Request.Body, happened => TellAsync(context, happened, cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static async Task TellAsync(HttpContext context, BuildEvent happened, CancellationToken cancellationToken)
    {
        if (happened is BuildFailed && !context.Response.HasStarted)
        {
            // The engine gave up before it had read everything; a client that is cut off while it sends would not see the answer.
            await DiscardAsync(context.Request.Body, cancellationToken);
        }

        await JsonSerializer.SerializeAsync(context.Response.Body, BuildEventDocument.From(happened), ManagementJson.Default.BuildEventDocument, cancellationToken);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    private static async Task DiscardAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            await body.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (BadHttpRequestException)
        {
            // Over the limit: it is cut off after all.
        }
    }
}
