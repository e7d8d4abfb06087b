using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Warp.Node.Http;

/// <summary>The outermost layer: whatever goes wrong inside leaves as a problem document, and no stack trace leaves at all.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        Problem? problem;
        try
        {
            await next(context);
            problem = Unanswered(context);
        }
        catch (ProblemException refusal)
        {
            problem = refusal.Problem;
        }
        catch (BadHttpRequestException broken)
        {
            problem = broken.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Problem.TooLarge(ManagementOptions.MaxDiscardedBytes)
                : Problem.Of(broken.StatusCode, "The request cannot be read", broken.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception defect)
        {
            log.LogError(defect, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            problem = Problem.Of(StatusCodes.Status500InternalServerError, "The node failed", "an unforeseen error; the node's log has it");
        }

        if (problem is null)
        {
            return;
        }

        if (context.Response.HasStarted)
        {
            // A stream that broke off must not look like one that ended.
            context.Abort();
            return;
        }

        await problem.ToResult().ExecuteAsync(context);
    }

    private static Problem? Unanswered(HttpContext context) => (context.Response.HasStarted, context.Response.StatusCode) switch
    {
        (false, StatusCodes.Status404NotFound) => Problem.NotFound($"there is nothing at {context.Request.Path}; the deployments are at /warp/v1/deployments"),
        (false, StatusCodes.Status405MethodNotAllowed) => Problem.Of(
            StatusCodes.Status405MethodNotAllowed, "The method is not allowed", $"{context.Request.Method} is not possible at {context.Request.Path}; allowed: {context.Response.Headers.Allow}"),
        _ => null,
    };
}

/// <summary>Leaves an endpoint with a problem as its answer.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>The answer.</summary>
    public Problem Problem { get; } = problem;
}
