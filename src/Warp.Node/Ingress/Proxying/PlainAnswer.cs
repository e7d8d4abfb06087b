using Microsoft.AspNetCore.Http;

namespace Warp.Node.Ingress.Proxying;

/// <summary>What a client gets when no service answers: a short text that names nothing of the inside.</summary>
internal static class PlainAnswer
{
    /// <summary>Nothing public is at this host.</summary>
    public static Task NotFoundAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status404NotFound, "404 Not Found: there is nothing at this address.\n");

    /// <summary>The service does not answer.</summary>
    public static Task BadGatewayAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status502BadGateway, "502 Bad Gateway: the service behind this address does not answer.\n");

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text, context.RequestAborted);
    }
}
