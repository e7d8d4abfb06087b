using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Identity;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http.Auditing;

/// <summary>
/// Keeps every change that was asked for and every attempt that was refused. The entry is written before the answer's first byte goes out: what somebody was told is in the log, also of a
/// program that runs for hours.
/// </summary>
internal sealed class AuditMiddleware(RequestDelegate next, AuditLog audit)
{
    private const int MaxPathLength = 500;

    public async Task InvokeAsync(HttpContext context)
    {
        var kept = false;
        context.Response.OnStarting(() =>
        {
            Keep(context.Response.StatusCode);
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
        }
        finally
        {
            Keep(context.RequestAborted.IsCancellationRequested ? null : context.Response.StatusCode);
        }

        void Keep(int? status)
        {
            if (kept)
            {
                return;
            }

            kept = true;
            if (status is StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests)
            {
                audit.KeepRefusal(EntryOf(context, status));
            }
            else if (RequiredAccess.Of(context).Changes)
            {
                audit.KeepChange(EntryOf(context, status));
            }
        }
    }

    private static AuditEntryDocument EntryOf(HttpContext context, int? status) => new(
        default,
        Caller.Behind(context)?.Name,
        Listeners.LocalUser(context) is null ? $"{context.Connection.RemoteIpAddress}" : "local",
        context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? context.Request.Method,
        context.Request.Path.Value is { Length: > MaxPathLength } path ? path[..MaxPathLength] : $"{context.Request.Path}",
        DeploymentName.TryParse(RouteDeployment.Of(context), out var deployment, out _) ? deployment.Value : null,
        Caller.Behind(context)?.Runner is null ? null : RunnerForward.Origin(context),
        status,
        context.Features.Get<Problem>()?.Kind);
}
