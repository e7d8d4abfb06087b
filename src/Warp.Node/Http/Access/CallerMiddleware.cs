using Microsoft.AspNetCore.Http;
using Warp.Cluster.Identity;
using Warp.Node.Security;

namespace Warp.Node.Http.Access;

/// <summary>Finds out who calls, and refuses nobody: that is for <see cref="AccessMiddleware"/>, which knows what is asked for.</summary>
internal sealed class CallerMiddleware(RequestDelegate next, ICredentialSource credentials)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Features.Set(Prove(context));
        return next(context);
    }

    private CallerProof Prove(HttpContext context)
    {
        if (Listeners.LocalUser(context) is { } user)
        {
            return CallerProof.Of(Caller.Local(user));
        }

        var trusted = credentials.Current;
        if (context.Connection.ClientCertificate is not { } certificate)
        {
            return CallerProof.Missing(Problem.Forbidden(
                "certificate-missing",
                "A client certificate is needed",
                $"the request came without a client certificate; show one of the cluster '{trusted.Cluster}', such as the admin certificate that 'warp init' wrote, or one that 'warp admin create' makes"));
        }

        var check = PeerIdentity.Check(certificate, trusted);
        return check.Identity switch
        {
            null => Refused($"{check.Reason}; use a certificate issued by this cluster's CA"),
            { Kind: WarpIdentityKind.Tunnel } tunnel => Refused($"{tunnel} opens tunnels and nothing else; use the node's own certificate"),
            { } identity => CallerProof.Of(Caller.Of(identity)),
        };
    }

    private static CallerProof Refused(string reason) => CallerProof.Missing(Problem.Forbidden("certificate-refused", "The client certificate is refused", reason));
}
