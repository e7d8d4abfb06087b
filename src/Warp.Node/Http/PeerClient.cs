using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Warp.Cluster.Identity;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>Speaks to another runner's management API with this node's certificate, and only when the other side proves to be that runner.</summary>
internal static class PeerClient
{
    private const string OwnHeaders = "Warp-";
    private static readonly TimeSpan RefusalPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(20);

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

    /// <summary>Sends the request there and reads the document that it answers.</summary>
    /// <exception cref="ProblemException">The runner cannot be reached, another one answers, or it refuses.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequestMessage request, NodeCredentials credentials, RunnerId wanted, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        string? refusal = null;
        using var handler = PeerConnection.Handler(credentials, wanted, reason => refusal = reason);
        using var client = new HttpClient(handler) { Timeout = AnswerPatience };
        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync(type, cancellationToken) is { } document
                ? document
                : throw new ProblemException(Problem.RunnerUnreachable($"{wanted} answered {(int)answer.StatusCode} to {request.RequestUri!.AbsolutePath}; it may run another version, see 'warp runners'"));
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ProblemException(Problem.RunnerUnreachable(
                $"the node of {wanted} does not answer at {request.RequestUri!.Authority}: {refusal ?? failure.Message}. Start its node, or restore the network to it"));
        }
    }
}
