using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Warp.Node.Ingress.Backends;
using Yarp.ReverseProxy.Forwarder;

namespace Warp.Node.Ingress.Proxying;

/// <summary>Passes a request on to the service that its host leads to, and the answer back, as they come.</summary>
internal sealed class IngressProxy(PublicRouteTable routes, IHttpForwarder forwarder, ILogger log)
{
    // Each further try follows a change of the instances that serve; more than a few at once are no rollout.
    private const int MaxTries = 5;

    // Only the pool decides where a connection leads; the service sees the client's Host.
    private const string AnyService = "http://service";

    // A stream or a WebSocket may be silent for as long as its ends like; who has gone away is told by TCP.
    private static readonly ForwarderRequestConfig Unhurried = new() { ActivityTimeout = Timeout.InfiniteTimeSpan, AllowResponseBuffering = false };

    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        var error = await PassOnAsync(context);
        if (log.IsEnabled(LogLevel.Debug))
        {
            log.LogDebug(
                "{Method} {Host}{Path} from {Address}: {Status} after {Elapsed:0} ms{Error}",
                context.Request.Method,
                context.Request.Host.Host,
                context.Request.Path,
                context.Connection.RemoteIpAddress,
                context.Response.StatusCode,
                Stopwatch.GetElapsedTime(start).TotalMilliseconds,
                error is null ? "" : $" ({error})");
        }
    }

    /// <returns>What went wrong, for the log; null when nothing did.</returns>
    private async Task<string?> PassOnAsync(HttpContext context)
    {
        for (var tries = 1; ; tries++)
        {
            if (routes.Find(context.Request.Host.Host) is not { } pool)
            {
                await PlainAnswer.NotFoundAsync(context);
                return null;
            }

            var outcome = await forwarder.SendAsync(context, AnyService, pool.Client, Unhurried, FaithfulTransformer.Instance);
            if (outcome == ForwarderError.None)
            {
                return null;
            }

            var failure = context.Features.Get<IForwarderErrorFeature>()?.Exception;
            if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            {
                return $"{outcome}: {failure?.GetBaseException().Message}";
            }

            if (MayTryAgain(context, tries, pool, failure))
            {
                context.Response.Clear();
                continue;
            }

            await AnswerAsync(context, outcome);
            return $"{outcome}: {failure?.GetBaseException().Message}";
        }
    }

    private static Task AnswerAsync(HttpContext context, ForwarderError outcome) =>
        outcome is ForwarderError.RequestBodyClient && context.Response.StatusCode is >= 400 and < 500
            ? Task.CompletedTask
            : PlainAnswer.BadGatewayAsync(context);

    // A connection can end under a request by chance. A safe request without a body may be sent twice (RFC 9110, 9.2.2); every other one only while nothing of it has left.
    private static bool MayTryAgain(HttpContext context, int tries, BackendPool pool, Exception? failure) =>
        NothingWasSent(failure) ? tries < MaxTries && pool.Retired.IsCancellationRequested : tries == 1 && IsSafe(context) && failure is HttpRequestException { InnerException: IOException };

    private static bool IsSafe(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method))
        && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    // Only a connection that was made can have carried a part of the request.
    private static bool NothingWasSent(Exception? failure) =>
        failure is ObjectDisposedException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
}
