using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Warp.Node.Security;

namespace Warp.Node.Http.Access;

/// <summary>
/// Decides whether the caller may do what is asked for, before any endpoint runs. A runner may pass on to another what an administrator wants of it: every node of the cluster could as
/// well ask the deployment's own actor.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, ProjectAccess projects, ICredentialSource credentials, ILogger log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var required = RequiredAccess.Of(context);
        if (await RefusalAsync(context, required) is { } problem)
        {
            log.LogWarning("Refused {Method} {Path} from {Address}: {Reason}", context.Request.Method, context.Request.Path, context.Connection.RemoteIpAddress, problem.Detail);
            await problem.ToResult().ExecuteAsync(context);
            return;
        }

        if (required.Changes)
        {
            log.LogInformation("{Method} {Path} by {Caller}", context.Request.Method, context.Request.Path, Caller.Behind(context)?.Name);
        }

        using (context.Connection.ClientCertificate is null ? null : RemovalGuard.Watch(context, credentials))
        {
            await next(context);
        }
    }

    private async Task<Problem?> RefusalAsync(HttpContext context, RequiredAccess required)
    {
        if (required.Level is AccessLevel.Anyone or AccessLevel.Token)
        {
            return null;
        }

        var proof = context.Features.GetRequiredFeature<CallerProof>();
        if (proof.Caller is not { } caller)
        {
            return proof.Refusal;
        }

        var origin = RunnerForward.Origin(context);
        if (caller.Runner is { } runner && origin is not null && !string.Equals(origin, runner.Value, StringComparison.Ordinal))
        {
            return Problem.Forbidden(
                "foreign-origin", "A runner speaks for itself only", $"the request says that {origin} passed it on, and it comes from {caller.Name}; see on that runner what sends it");
        }

        if (!required.Allows(caller, origin is not null))
        {
            return RoleMissing(required, caller);
        }

        return required.Level == AccessLevel.Deploy && caller.Role is { MayAdminister: false } role ? await projects.RefusalAsync(context, caller, role) : null;
    }

    private static Problem RoleMissing(RequiredAccess required, Caller caller) => Problem.RoleMissing(
        $"this needs the role {required.Needed}, and {caller.Name} {(caller.Role is { } role ? $"has the role {role}" : "is a node, which has no role")}; "
        + "use a certificate with that role ('warp admin create' makes one), or the Unix socket of a node");
}
