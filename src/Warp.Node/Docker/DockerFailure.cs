using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>The one place that turns what the client library throws into a failure that a program can decide on and a person can act on.</summary>
internal static class DockerFailure
{
    /// <summary>Whether the exception is an expected failure of the engine or of the way to it, and not a fault of ours.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is DockerApiException or HttpRequestException or SocketException or IOException or TimeoutException or OperationCanceledException;

    /// <summary>Classifies.</summary>
    /// <param name="exception">One that <see cref="IsExpected"/> knows.</param>
    /// <param name="doing">What was tried, such as "start container 1f2e3d".</param>
    /// <param name="endpoint">Where the engine should be.</param>
    public static RuntimeFailure From(Exception exception, string doing, Uri endpoint) => exception switch
    {
        DockerApiException api => FromEngine(api, doing),
        OperationCanceledException or TimeoutException => Unavailable(
            $"the container engine at {endpoint} did not answer in time (to {doing}). Is the host overloaded, or does dockerd hang? See: journalctl -u docker"),
        _ when SocketErrorOf(exception) is SocketError.AccessDenied => Unavailable(
            $"this process may not open the container engine's socket {endpoint} (to {doing}). Run the node as root or as a member of the group 'docker'"),
        _ => Unavailable($"the container engine at {endpoint} does not answer (to {doing}): {Innermost(exception).Message}. Is dockerd running? See: systemctl status docker"),
    };

    /// <summary>The engine's own words: the field <c>message</c> of its answer.</summary>
    public static string MessageOf(DockerApiException exception)
    {
        var body = exception.ResponseBody;
        if (string.IsNullOrWhiteSpace(body))
        {
            return $"HTTP status {(int)exception.StatusCode}";
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("message", out var message)
                ? message.ToString().Trim()
                : body.Trim();
        }
        catch (JsonException)
        {
            return body.Trim();
        }
    }

    /// <summary>Whether another container or network holds the wanted name.</summary>
    public static bool IsNameConflict(DockerApiException exception) =>
        exception.StatusCode == HttpStatusCode.Conflict
        && (MessageOf(exception).Contains("already in use", StringComparison.OrdinalIgnoreCase) || MessageOf(exception).Contains("already exists", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the wanted subnet was taken between looking and asking.</summary>
    public static bool IsSubnetClash(DockerApiException exception) => MessageOf(exception) is var message
        && (message.Contains("overlap", StringComparison.OrdinalIgnoreCase) || message.Contains("conflicts with network", StringComparison.OrdinalIgnoreCase));

    private static RuntimeFailure FromEngine(DockerApiException exception, string doing)
    {
        var message = MessageOf(exception);
        return exception.StatusCode switch
        {
            HttpStatusCode.NotFound => new(RuntimeFailureKind.NotFound, $"cannot {doing}: {message}"),
            HttpStatusCode.ServiceUnavailable => Unavailable($"the container engine is not ready (to {doing}): {message}"),
            _ when IsGoingDown(message) => Unavailable($"the container engine is going down or has lost containerd (to {doing}): {message}. See: systemctl status docker containerd"),
            _ => new(RuntimeFailureKind.Rejected, $"the container engine refused to {doing}: {message}{NextStep(message)}"),
        };
    }

    private static bool IsGoingDown(string message) =>
        message.Contains("transport is closing", StringComparison.OrdinalIgnoreCase)
        || message.Contains("connection error: desc", StringComparison.OrdinalIgnoreCase)
        || message.Contains("ttrpc: closed", StringComparison.OrdinalIgnoreCase);

    private static string NextStep(string message) => message switch
    {
        _ when message.Contains("no space left on device", StringComparison.OrdinalIgnoreCase) => ". Free disk space on the runner; 'docker system df' shows what uses it",
        _ when message.Contains("executable file not found", StringComparison.OrdinalIgnoreCase) => ". Check the service's 'args' and the image's ENTRYPOINT",
        _ when message.Contains("Range of CPUs", StringComparison.OrdinalIgnoreCase) => ". Lower the service's 'resources.cpus', or place it on a larger runner",
        _ when message.Contains("memory limit", StringComparison.OrdinalIgnoreCase) => ". Change the service's 'resources.memory'",
        _ => string.Empty,
    };

    private static SocketError? SocketErrorOf(Exception exception) => (Innermost(exception) as SocketException)?.SocketErrorCode;

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;

    private static RuntimeFailure Unavailable(string message) => new(RuntimeFailureKind.EngineUnavailable, message);
}
