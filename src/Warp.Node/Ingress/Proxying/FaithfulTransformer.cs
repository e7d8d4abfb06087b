using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Warp.Node.Ingress.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Warp.Node.Ingress.Proxying;

/// <summary>
/// Requests and answers pass as they came: the same target, the client's Host, every header but those that are about one connection only (RFC 9110, 7.6.1).
/// Who the client is, is said by us alone.
/// </summary>
internal sealed class FaithfulTransformer : HttpTransformer
{
    public static FaithfulTransformer Instance { get; } = new();

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        foreach (var name in HopByHop.NamedIn(httpContext.Request.Headers.Connection))
        {
            proxyRequest.Headers.Remove(name);
        }

        ForwardedHeaders.Set(httpContext, proxyRequest.Headers);
        if (RequestTarget.Of(httpContext) is { } target)
        {
            proxyRequest.RequestUri = new Uri(destinationPrefix + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        }
    }

    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse?.Headers is { } headers && headers.NonValidated.Contains("Connection"))
        {
            Strip(headers);
        }

        return base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }

    private static void Strip(HttpResponseHeaders headers)
    {
        foreach (var name in headers.NonValidated["Connection"].SelectMany(value => HopByHop.NamedIn(value)))
        {
            headers.Remove(name);
        }
    }
}
