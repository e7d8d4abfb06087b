using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Warp.Node.Ingress.Headers;

/// <summary>Tells the service who the client is: <c>Forwarded</c> (RFC 7239) and the <c>X-Forwarded-</c> headers. Whatever the client sent of that kind is dropped: a client cannot forge them.</summary>
internal static class ForwardedHeaders
{
    private const string Proto = "https";

    /// <summary>Replaces them in a request that is about to be passed on.</summary>
    /// <param name="context">The client's request.</param>
    /// <param name="headers">The headers that are passed on, the client's copied already.</param>
    public static void Set(HttpContext context, HttpRequestHeaders headers)
    {
        foreach (var name in context.Request.Headers.Keys.Where(IsClaim))
        {
            headers.Remove(name);
        }

        var client = ClientAddress(context.Connection.RemoteIpAddress);
        var host = context.Request.Host.Value ?? "";
        headers.TryAddWithoutValidation("X-Forwarded-For", client.ToString());
        headers.TryAddWithoutValidation("X-Forwarded-Proto", Proto);
        headers.TryAddWithoutValidation("X-Forwarded-Host", host);
        headers.TryAddWithoutValidation("Forwarded", $"for={Node(client)};host=\"{host}\";proto={Proto}");
    }

    // Many application servers fold '_' and '-' into one, so either spelling is a claim.
    private static bool IsClaim(string name)
    {
        var folded = name.Replace('_', '-');
        return folded.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase)
            || folded.StartsWith("Forwarded", StringComparison.OrdinalIgnoreCase)
            || folded.StartsWith("X-Original", StringComparison.OrdinalIgnoreCase)
            || folded.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
            || folded.Equals("X-Client-IP", StringComparison.OrdinalIgnoreCase)
            || folded.Equals("X-Cluster-Client-IP", StringComparison.OrdinalIgnoreCase)
            || folded.Equals("True-Client-IP", StringComparison.OrdinalIgnoreCase)
            || folded.Equals("Proxy", StringComparison.OrdinalIgnoreCase);
    }

    private static IPAddress ClientAddress(IPAddress? remote) => remote switch
    {
        null => IPAddress.None,
        { IsIPv4MappedToIPv6: true } => remote.MapToIPv4(),
        _ => remote,
    };

    // RFC 7239, 6: an IPv6 address stands in brackets, and then in quotes.
    private static string Node(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"\"[{address}]\"" : address.ToString();
}
