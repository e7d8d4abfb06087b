using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Identity;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>
/// Decides who calls and what that caller may do, before any endpoint runs: reading for every identity of the cluster, changing for administrators only,
/// nothing without an identity but what is marked with <see cref="OpenToAll"/>. A runner may pass on to another what an administrator wants of it (<see cref="OpenToRunners"/>):
/// every node of the cluster could as well ask the deployment's own actor.
/// </summary>
internal sealed class CallerMiddleware(RequestDelegate next, ICredentialSource credentials, ILogger log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is null && Refusal(context) is { } problem)
        {
            log.LogWarning("Refused {Method} {Path} from {Address}: {Reason}", context.Request.Method, context.Request.Path, context.Connection.RemoteIpAddress, problem.Detail);
            await problem.ToResult().ExecuteAsync(context);
            return;
        }

        using (context.Connection.ClientCertificate is null ? null : RemovalGuard.Watch(context, credentials))
        {
            await next(context);
        }
    }

    private Problem? Refusal(HttpContext context)
    {
        if (Listeners.IsLocal(context))
        {
            Note(context, "the local administrator");
            return null;
        }

        var trusted = credentials.Current;
        if (context.Connection.ClientCertificate is not { } certificate)
        {
            return Problem.Forbidden(
                "certificate-missing",
                "A client certificate is needed",
                $"the request came without a client certificate; show one of the cluster '{trusted.Cluster}', such as the admin certificate that 'warp init' wrote");
        }

        var check = PeerIdentity.Check(certificate, trusted);
        if (check.Identity is not { } identity)
        {
            return Problem.Forbidden("certificate-refused", "The client certificate is refused", $"{check.Reason}; use a certificate issued by this cluster's CA");
        }

        if (identity.Kind == WarpIdentityKind.Tunnel)
        {
            return Problem.Forbidden("certificate-refused", "The client certificate is refused", $"{identity} opens tunnels and nothing else; use the node's own certificate");
        }

        Note(context, identity.ToString());
        return identity.Kind == WarpIdentityKind.Admin || IsPassedOn(context, identity) || !Changes(context)
            ? null
            : Problem.Forbidden(
                "administrator-needed", "Only an administrator may change this", $"{identity} is not an administrator; use the admin certificate, or the Unix socket of a node");
    }

    private static bool Changes(HttpContext context) =>
        (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) || context.GetEndpoint()?.Metadata.GetMetadata<ForAdministrators>() is not null;

    private static bool IsPassedOn(HttpContext context, WarpIdentity identity) =>
        identity.Kind == WarpIdentityKind.Runner
        && context.GetEndpoint()?.Metadata.GetMetadata<OpenToRunners>() is not null
        && string.Equals(RunnerForward.Origin(context), identity.Name, StringComparison.Ordinal);

    private void Note(HttpContext context, string caller)
    {
        if (Changes(context))
        {
            log.LogInformation("{Method} {Path} by {Caller}", context.Request.Method, context.Request.Path, caller);
        }
    }
}

/// <summary>Marks an endpoint that is read by its method and changes something all the same: a WebSocket begins with GET.</summary>
internal sealed class ForAdministrators
{
    public static ForAdministrators Instance { get; } = new();
}

/// <summary>Marks an endpoint that anybody may call, without a certificate.</summary>
internal sealed class OpenToAll
{
    public static OpenToAll Instance { get; } = new();
}
