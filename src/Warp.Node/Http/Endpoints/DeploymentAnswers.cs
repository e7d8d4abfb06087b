using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http.Endpoints;

/// <summary>What a deployment's actor says, as HTTP.</summary>
internal sealed class DeploymentAnswers(IPublicUrls urls)
{
    /// <summary>The deployment, with its revision as the entity tag.</summary>
    public IResult Show(HttpContext context, DeploymentView view, bool? changed = null, int status = StatusCodes.Status200OK)
    {
        context.Response.Headers.ETag = ChangeHeaders.Tag(view.Revision);
        return TypedResults.Json(Document(view, changed), ManagementJson.Default.DeploymentDocument, statusCode: status);
    }

    public DeploymentDocument Document(DeploymentView view, bool? changed = null) => DeploymentDocument.From(view, urls, changed);

    /// <summary>The answer to a wish.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answer">What the actor said.</param>
    /// <param name="expected">The revision that the wish was made for; null when it named none.</param>
    public IResult Accepted(HttpContext context, object answer, long? expected) => answer switch
    {
        DeploymentAccepted accepted => Show(
            context, accepted.View, accepted.Changed, accepted is { Changed: true, Revision: 1 } ? StatusCodes.Status201Created : StatusCodes.Status200OK),
        DeploymentRejected rejected => Problem.InvalidDeployment(Errors(rejected.Problems)).ToResult(),
        _ => Refused(answer, expected),
    };

    /// <summary>The answers that every wish may get.</summary>
    public static IResult Refused(object answer, long? expected) => answer switch
    {
        DeploymentNotFound missing => ActorGateway.Missing(missing.Deployment).ToResult(),
        DeploymentConflict conflict => Problem.OtherRevision(Difference(conflict.Deployment, conflict.Revision, expected)).ToResult(),
        _ => throw ActorGateway.Unexpected(answer),
    };

    public static ImmutableArray<FieldError> Errors(ImmutableArray<SpecProblem> problems) => [.. problems.Select(problem => new FieldError(problem.Field, problem.Message))];

    private static string Difference(DeploymentName name, long now, long? expected) => (now, expected) switch
    {
        (0, _) => $"the change was made for revision {expected} of '{name}', and there is no deployment '{name}' any more; leave If-Match away to make it anew",
        (_, 0) => $"the change was made for there being no '{name}' (If-None-Match: *), and there is one at revision {now}; choose another name, or send If-Match: \"{now}\" to change that one",
        _ => $"the change was made for revision {expected} of '{name}', which is at revision {now}: somebody else changed it meanwhile. Read it again, make your change to that, and send it with If-Match: \"{now}\"; 'warp history {name}' shows what happened",
    };
}
