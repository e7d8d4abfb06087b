using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using Warp.Cluster.Containers;
using Warp.Node.Http.Access;
using Warp.Node.Http.Execution;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.Endpoints;

/// <summary>
/// A program inside a service's container, over a WebSocket (RFC 6455) whose messages are <see cref="ExecFrame"/>s. Query: <c>command</c>, once for the program and once for each
/// of its arguments; <c>tty</c>; <c>ordinal</c>. What cannot be started is answered before the upgrade, as a problem document.
/// </summary>
internal static class ExecEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ActorGateway actors, IContainerExec exec, RunnerForward forward)
    {
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapGet("/warp/v1/deployments/{name}/services/{service}/exec", async (string name, string service, HttpContext context) =>
        {
            var request = RequestOf(context);
            var ordinal = QueryValues.Number(context.Request.Query, "ordinal") ?? 0;
            var instance = await InstanceLookup.FindAsync(actors, RouteNames.Deployment(name), service, ordinal, context.RequestAborted);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await (InstanceLookup.IsHere(instance, forward, context)
                ? RunAsync(context, exec, request, InstanceLookup.ContainerOf(instance), ended.Token)
                : forward.SendAsync(context, instance.Runner, null, ended.Token));
        })
            .RequiresForChange(AccessLevel.Deploy, byRunners: true)
            .Describe(
                "runProgram", "Programs", "Run a program inside a service's container, wherever it runs, over a WebSocket.",
                "Binary messages, each one byte that says what it is, then the content. To the server: 0 bytes for standard input (without content: its end), 4 the size of the terminal "
                + "(columns and rows, 2 bytes each). From the server: 1 standard output, 2 standard error, 3 the exit code (4 bytes), the last message. Numbers are in network byte order.")
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .Takes("command", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.Array, Items = Described.Text(), MinItems = 1 }, "The program, then each of its arguments.", required: true)
            .Takes("tty", ParameterLocation.Query, new OpenApiSchema { Type = JsonSchemaType.Boolean }, "Whether it gets a terminal.")
            .Takes("ordinal", ParameterLocation.Query, Described.Count(), "In which replica, from 0.")
            .Refuses(
                StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status426UpgradeRequired, StatusCodes.Status502BadGateway,
                StatusCodes.Status503ServiceUnavailable);
    }

    private static ExecRequest RequestOf(HttpContext context)
    {
        ImmutableArray<string> command = [.. context.Request.Query["command"].OfType<string>()];
        if (command.IsEmpty || command[0].Length == 0)
        {
            throw new ProblemException(Problem.InvalidRequest("command", "name the program, and each of its arguments, with one 'command' each, such as ?command=ls&command=-l"));
        }

        return context.WebSockets.IsWebSocketRequest
            ? new ExecRequest(command, QueryValues.Flag(context.Request.Query, "tty"), Input: true)
            : throw new ProblemException(Problem.Of(StatusCodes.Status426UpgradeRequired, "A WebSocket is needed", "what a program reads and writes goes over a WebSocket: ask for the upgrade over HTTP/1.1"));
    }

    private static async Task RunAsync(HttpContext context, IContainerExec exec, ExecRequest request, string container, CancellationToken ended)
    {
        var opened = await exec.OpenAsync(container, request, ended);
        if (opened.Failure is { } failure)
        {
            throw new ProblemException(failure.Kind == RuntimeFailureKind.EngineUnavailable ? Problem.EngineUnavailable(failure.Message) : Problem.Conflict(failure.Message));
        }

        await using var session = opened.Value!;
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await new ExecBridge(socket, session).RunAsync(ended);
    }
}
