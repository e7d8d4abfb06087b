using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>Why an image cannot be had, told from the engine's words: the engine's status codes do not tell.</summary>
internal static class ImageFailure
{
    /// <summary>The policy forbids a pull.</summary>
    public static RuntimeFailure NotHere(string image) =>
        Unavailable($"the image '{image}' is not on this runner, and its pull policy is 'never'. Load it there (docker load, docker build), or let it be pulled");

    /// <summary>The pull took longer than allowed.</summary>
    public static RuntimeFailure TooSlow(string image, TimeSpan limit) =>
        Unavailable($"pulling '{image}' did not finish within {limit.TotalMinutes:0} minutes. Check the runner's way to the registry; the next attempt goes on with the layers that are there");

    /// <summary>The pull failed.</summary>
    /// <param name="image">The reference as the user wrote it.</param>
    /// <param name="registry">Its registry's host.</param>
    /// <param name="message">The engine's.</param>
    public static RuntimeFailure FromPull(string image, string registry, string message)
    {
        bool Says(params ReadOnlySpan<string> phrases)
        {
            foreach (var phrase in phrases)
            {
                if (message.Contains(phrase, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }

        var cause = message switch
        {
            _ when Says("toomanyrequests", "rate limit") =>
                $"the registry {registry} limits how often this runner may pull '{image}'. Wait, or run 'docker login {registry}' on the runner",
            _ when Says("no basic auth credentials", "unauthorized", "authentication required", "incorrect username or password") =>
                $"the registry {registry} wants a login for '{image}'. Run 'docker login {registry}' on the runner",
            _ when Says("pull access denied", "requested access to the resource is denied", "repository does not exist", "repository name not known", "forbidden") =>
                $"'{image}' is unknown at {registry}, or this runner has no access to it. Check the name, or run 'docker login {registry}' on the runner",
            _ when Says("manifest unknown", "not found", "HTTP 404") && !Says("no such host", "lookup ") =>
                $"'{image}' is unknown at {registry}: the tag does not exist there. Check the name and the tag",
            _ when Says("no matching manifest", "does not match the specified platform") =>
                $"'{image}' exists at {registry}, but not for this runner's processor. Use an image that is built for it",
            _ when Says("x509", "certificate", "server gave HTTP response to HTTPS client") =>
                $"the registry {registry} cannot be trusted by this runner's engine. Install its certificate under /etc/docker/certs.d/{registry}/, or check that it speaks HTTPS",
            _ when Says("no such host", "lookup ", "connection refused", "network is unreachable", "no route to host", "i/o timeout", "request canceled", "deadline exceeded", "TLS handshake", "connection reset", ": EOF") =>
                $"the registry {registry} cannot be reached from this runner (for '{image}'). Check the runner's DNS, its way to the internet, and its proxy settings",
            _ when Says("no space left on device") =>
                $"there is no disk space for '{image}' on this runner. Free some; 'docker system df' shows what uses it",
            _ => $"'{image}' cannot be pulled from {registry}",
        };
        return Unavailable($"{cause}. The engine says: {message}");
    }

    private static RuntimeFailure Unavailable(string message) => new(RuntimeFailureKind.ImageUnavailable, message);
}
