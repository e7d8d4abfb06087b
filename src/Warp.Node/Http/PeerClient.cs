using Microsoft.AspNetCore.Http;
using Warp.Cluster.Identity;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>Speaks to another runner's management API with this node's certificate, and only when the other side proves to be that runner.</summary>
internal static class PeerClient
{
    private const string OwnHeaders = "Warp-";
    private static readonly TimeSpan RefusalPatience = TimeSpan.FromSeconds(20);

    /// <summary>Sends the request there and its answer, whatever it is, back to the caller.</summary>
    /// <exception cref="ProblemException">The runner cannot be reached, or another one answers.</exception>
    public static async Task PassOnAsync(HttpContext context, HttpRequestMessage request, NodeCredentials credentials, RunnerId wanted, CancellationToken cancellationToken)
    {
        string? refusal = null;
        using var handler = PeerConnection.Handler(credentials, wanted, reason => refusal = reason);
        handler.Expect100ContinueTimeout = RefusalPatience;
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (UpgradeTunnel.IsAccepted(context, answer))
            {
                await UpgradeTunnel.RunAsync(context, answer, cancellationToken);
                return;
            }

            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            foreach (var (name, values) in answer.Headers.Where(static header => header.Key.StartsWith(OwnHeaders, StringComparison.OrdinalIgnoreCase)))
            {
                context.Response.Headers[name] = values.ToArray();
            }

            await context.Response.BodyWriter.FlushAsync(cancellationToken);
            await answer.Content.CopyToAsync(context.Response.Body, cancellationToken);
        }
        catch (HttpRequestException failure) when (failure.InnerException is BadHttpRequestException refused)
        {
            throw new ProblemException(Problem.Of(refused.StatusCode, "The request cannot be read", refused.Message));
        }
        catch (HttpRequestException failure)
        {
            throw new ProblemException(Problem.RunnerUnreachable(
                $"this is about {wanted}, whose node does not answer at {request.RequestUri!.Authority}: {refusal ?? failure.Message}. Start its node, or restore the network to it"));
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }
}
