using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Access;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>
/// Passes a request on to the management API of the runner that it is about, body and answer as streams. The node that passes it on has checked the caller and shows its own
/// certificate; the other end takes a change that way only at endpoints that say so (<see cref="RequiredAccess.ByRunners"/>).
/// </summary>
/// <param name="actors">Knows where the runners are.</param>
/// <param name="credentials">What this node proves itself with.</param>
internal sealed class RunnerForward(ActorGateway actors, ICredentialSource credentials)
{
    /// <summary>Names the runner that passed the request on; such a request is never passed on again.</summary>
    public const string PassedOnBy = "Warp-Passed-On-By";

    /// <summary>This runner.</summary>
    public RunnerId Self => credentials.Current.Runner;

    /// <summary>The runner that passed the request on; null when it comes from a user.</summary>
    public static string? Origin(HttpContext context) => context.Request.Headers.TryGetValue(PassedOnBy, out var origin) ? origin.ToString() : null;

    /// <summary>Answers here when this is the runner that the request is about; else has that one answer.</summary>
    /// <exception cref="ProblemException">The runner is not known or cannot be reached, or another runner takes this one for it.</exception>
    public async Task<IResult> AtAsync(HttpContext context, RunnerId runner, Func<Task<IResult>> here)
    {
        if (runner == Self)
        {
            return await here();
        }

        if (Origin(context) is { } origin)
        {
            throw new ProblemException(Problem.Conflict($"{origin} passed this on to {Self}, but it is about {runner}; check the addresses of 'warp runners'"));
        }

        await SendAsync(context, runner, null, context.RequestAborted);
        return Results.Empty;
    }

    /// <summary>Sends the request there, and its answer back.</summary>
    /// <param name="context">The request.</param>
    /// <param name="runner">Where to.</param>
    /// <param name="path">Path there; null: the same. The query stays.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProblemException">The runner is not known, cannot be reached, or another one answers.</exception>
    public async Task SendAsync(HttpContext context, RunnerId runner, PathString? path, CancellationToken cancellationToken)
    {
        var directory = await actors.ListRunnersAsync(context.RequestAborted);
        var peer = directory.Runners.FirstOrDefault(one => one.Status.Runner == runner)?.Status.Management
            ?? throw new ProblemException(Problem.RunnerUnreachable($"no control node has heard of the runner {runner}; 'warp runners' lists those there are. Start its node"));
        var authority = Authority(peer);
        var target = authority + (path ?? context.Request.Path).ToUriComponent() + context.Request.QueryString.ToUriComponent();
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target);
        request.Headers.Add(PassedOnBy, Self.Value);
        _ = request.Headers.TryAddWithoutValidation("Accept", context.Request.Headers.Accept.ToArray());
        UpgradeTunnel.Ask(context, request);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            // A refusal there has to come before the body is read here: afterwards the caller could no longer be told.
            request.Headers.ExpectContinue = true;
            request.Content = new StreamContent(context.Request.Body);
            _ = request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        await PeerClient.PassOnAsync(context, request, credentials.Current, runner, cancellationToken);
    }

    /// <summary>Asks a runner for a document.</summary>
    /// <param name="runner">Whom.</param>
    /// <param name="place">Where its management API is.</param>
    /// <param name="path">From the slash on, with the query.</param>
    /// <param name="type">What is answered.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProblemException">It cannot be reached, another one answers, or it refuses.</exception>
    public Task<T> ReadAsync<T>(RunnerId runner, NodeEndpoint place, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Authority(place) + path);
        request.Headers.Add(PassedOnBy, Self.Value);
        return PeerClient.ReadAsync(request, credentials.Current, runner, type, cancellationToken);
    }

    private static string Authority(NodeEndpoint place) => new UriBuilder("https", place.Host, place.Port).Uri.GetLeftPart(UriPartial.Authority);
}
