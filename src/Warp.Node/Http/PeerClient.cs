using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Warp.Cluster.Identity;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>Speaks to another runner's management API with this node's certificate, and only when the other side proves to be that runner.</summary>
internal static class PeerClient
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Sends the request there and its answer, whatever it is, back to the caller.</summary>
    /// <exception cref="ProblemException">The runner cannot be reached, or another one answers.</exception>
    public static async Task PassOnAsync(HttpContext context, HttpRequestMessage request, NodeCredentials credentials, RunnerId wanted, CancellationToken cancellationToken)
    {
        string? refusal = null;
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [credentials.Certificate],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => credentials.Certificate,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => (refusal = Refusal(certificate as X509Certificate2, credentials, wanted)) is null,
            },
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await context.Response.BodyWriter.FlushAsync(cancellationToken);
            await answer.Content.CopyToAsync(context.Response.Body, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new ProblemException(Problem.RunnerUnreachable(
                $"the container is on {wanted}, whose node does not answer at {request.RequestUri!.Authority}: {refusal ?? failure.Message}. Start its node, or restore the network to it"));
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static string? Refusal(X509Certificate2? certificate, NodeCredentials credentials, RunnerId wanted)
    {
        var check = PeerIdentity.Check(certificate, credentials);
        return check.Identity switch
        {
            null => check.Reason,
            { Kind: WarpIdentityKind.Runner } peer when string.Equals(peer.Name, wanted.Value, StringComparison.Ordinal) => null,
            var peer => $"{peer} answers there",
        };
    }
}
