using System.Globalization;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>Why an image cannot be had, told from the engine's words: the engine's status codes do not tell.</summary>
internal static class ImageFailure
{
    /// <summary>It may not or cannot be pulled, and no other runner gives it.</summary>
    /// <param name="image">The reference.</param>
    /// <param name="isBuilt">Whether Warp built it.</param>
    /// <param name="others">Why no other runner gives it, as half a sentence.</param>
    public static RuntimeFailure NotHere(string image, bool isBuilt, string others) => Unavailable(isBuilt
        ? $"the image '{image}' was built by Warp, and this runner cannot have it: {others}. Start the runner that built it, or build it again with 'warp deploy'"
        : $"the image '{image}' is not on this runner, its pull policy is 'never', and {others}. Load it there (docker load, docker build), or let it be pulled");

    /// <summary>The pull succeeded, and the image is gone.</summary>
    public static RuntimeFailure Vanished(string image) => Unavailable($"'{image}' was pulled and is not there; was it removed at the same moment?");

    /// <summary>The registry has fallen silent.</summary>
    public static RuntimeFailure Stalled(string image, string registry, TimeSpan limit) => Unavailable(
        $"the registry {registry} sent nothing for {Text(limit)} while '{image}' was pulled. Check the registry and the way to it; the next attempt goes on with the layers that are there");

    /// <summary>The pull took longer than allowed.</summary>
    public static RuntimeFailure TooSlow(string image, TimeSpan limit) =>
        Unavailable($"pulling '{image}' did not finish within {limit.TotalMinutes:0} minutes. Check the runner's way to the registry; the next attempt goes on with the layers that are there");

    /// <summary>The pull failed.</summary>
    /// <param name="image">The reference as the user wrote it.</param>
    /// <param name="registry">Its registry's host.</param>
    /// <param name="message">The engine's.</param>
    /// <param name="login">What it was tried with.</param>
    public static RuntimeFailure FromPull(string image, string registry, string message, LoginSearch login = default)
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
            _ when Says("no space left on device") =>
                $"there is no disk space for '{image}' on this runner. Free some; 'docker system df' shows what uses it",
            _ when Says("toomanyrequests", "rate limit") =>
                $"the registry {registry} limits how often this runner may pull '{image}'. Wait, or give it a login: 'warp registry login {registry}'",
            _ when Says("no basic auth credentials", "unauthorized", "authentication required", "incorrect username or password") => login switch
            {
                { Problem: { } problem } => $"the registry {registry} wants a login for '{image}', and {problem}",
                { Login: { } tried } => $"the registry {registry} refuses the login of '{tried.Username}' for '{image}'. Give the right one: 'warp registry login {registry}'",
                _ => $"the registry {registry} wants a login for '{image}'. Give it one: 'warp registry login {registry}'",
            },
            _ when Says("pull access denied", "requested access to the resource is denied", "repository does not exist", "repository name not known", "forbidden") =>
                $"'{image}' is unknown at {registry}, or this runner has no access to it. Check the name, or give it a login: 'warp registry login {registry}'",
            _ when Says("filesystem layer verification failed", "failed to register layer", "unexpected EOF", "does not match digest", "invalid checksum digest", "invalid tar header", "gzip: invalid") =>
                $"the registry {registry} serves a broken layer of '{image}'. Push the image again, or check the registry's storage",
            _ when Says("manifest unknown", "not found", "HTTP 404") && !Says("no such host", "lookup ") =>
                $"'{image}' is unknown at {registry}: the tag does not exist there. Check the name and the tag",
            _ when Says("no matching manifest", "does not match the specified platform") =>
                $"'{image}' exists at {registry}, but not for this runner's processor. Use an image that is built for it",
            _ when Says("x509", "certificate", "server gave HTTP response to HTTPS client") =>
                $"the registry {registry} cannot be trusted by this runner's engine. Install its certificate under /etc/docker/certs.d/{registry}/, or check that it speaks HTTPS",
            _ when Says("no such host", "lookup ", "connection refused", "network is unreachable", "no route to host", "i/o timeout", "request canceled", "deadline exceeded", "TLS handshake", "connection reset", ": EOF") =>
                $"the registry {registry} cannot be reached from this runner (for '{image}'). Check the runner's DNS, its way to the internet, and its proxy settings",
            _ => $"'{image}' cannot be pulled from {registry}",
        };
        return Unavailable($"{cause}. The engine says: {message}");
    }

    private static string Text(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes");

    private static RuntimeFailure Unavailable(string message) => new(RuntimeFailureKind.ImageUnavailable, message);
}
