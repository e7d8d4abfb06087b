using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Warp.Node.Http;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli;

/// <summary>Sends a change until its answer is there: one that was lost on the way may have been done, and only the same request id again tells.</summary>
internal static class RepeatedSending
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="node">Where to.</param>
    /// <param name="make">Makes the request; a request cannot be sent twice.</param>
    /// <param name="wish">Its id, and how long it may be tried.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The answer, whatever its status.</returns>
    /// <exception cref="HttpRequestException">No node was there at the first try, or none is when the time is over.</exception>
    public static async Task<HttpResponseMessage> SendAsync(NodeConnection node, Func<HttpRequestMessage> make, Wish wish, CancellationToken cancellationToken)
    {
        for (var lostBefore = false; ; lostBefore = true)
        {
            try
            {
                using var request = make();
                request.Headers.Add(ChangeHeaders.RequestIdHeader, wish.RequestId);
                Condition(request.Headers, wish.Revision);
                var answer = await node.Http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
                if (wish.Time.IsOver || !await MayHaveBeenTakenAsync(answer, cancellationToken))
                {
                    return answer;
                }

                Tell(lostBefore, "no control node answers; the change is sent again, with the same id, until one does");
                answer.Dispose();
            }
            catch (HttpRequestException lost) when (!wish.Time.IsOver && (lostBefore || WasUnderWay(lost)))
            {
                Tell(lostBefore, $"the node was lost before it answered ({(lost.InnerException ?? lost).Message}); the change is sent again, with the same id");
            }

            await Task.Delay(Pause, cancellationToken);
        }

        void Tell(bool lostBefore, string why)
        {
            if (!lostBefore)
            {
                wish.Notice(why);
            }
        }
    }

    private static void Condition(HttpRequestHeaders headers, long? revision)
    {
        if (revision == 0)
        {
            headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        }
        else if (revision is { } known)
        {
            headers.IfMatch.Add(new EntityTagHeaderValue(ChangeHeaders.Tag(known)));
        }
    }

    // Without a connection nothing was sent, and a person is better told at once.
    private static bool WasUnderWay(HttpRequestException failure) =>
        failure.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError);

    private static async Task<bool> MayHaveBeenTakenAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
        {
            return false;
        }

        try
        {
            return await answer.Content.ReadFromJsonAsync(ManagementJson.Default.Problem, cancellationToken) is { Type: Problem.ControlPlaneUnreachableType };
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
