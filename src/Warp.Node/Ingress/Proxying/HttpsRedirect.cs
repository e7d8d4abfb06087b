using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Warp.Node.Ingress.Headers;

namespace Warp.Node.Ingress.Proxying;

/// <summary>All that plain HTTP is for: the way to the same URL over HTTPS. 308 keeps method and body (RFC 9110, 15.4.9).</summary>
internal sealed class HttpsRedirect(PublicRouteTable routes, PublicUrls urls)
{
    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host.Host;
        if (routes.Find(host) is null)
        {
            return PlainAnswer.NotFoundAsync(context);
        }

        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = urls.UrlOf(host) + (RequestTarget.Of(context) ?? context.Request.GetEncodedPathAndQuery());
        return Task.CompletedTask;
    }
}
