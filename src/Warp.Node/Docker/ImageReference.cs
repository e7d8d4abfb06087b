namespace Warp.Node.Docker;

/// <summary>An image reference taken apart, as the engine's pull wants it (grammar: github.com/distribution/reference).</summary>
/// <param name="Repository">With the registry's host if there is one; without tag and digest.</param>
/// <param name="TagOrDigest">"latest" when the reference has neither: without it the engine would pull every tag.</param>
/// <param name="Registry">The host (and port) of the registry; "docker.io" when the reference names none.</param>
internal sealed record ImageReference(string Repository, string TagOrDigest, string Registry)
{
    /// <summary>The registry of a reference that names none.</summary>
    public const string DefaultRegistry = "docker.io";

    /// <summary>Takes it apart; whether it is well-formed is for the engine to say.</summary>
    public static ImageReference Parse(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? reference : reference[..at];
        var colon = name.LastIndexOf(':');
        var hasTag = colon > name.LastIndexOf('/');
        var repository = hasTag ? name[..colon] : name;
        var tag = at >= 0 ? reference[(at + 1)..] : hasTag ? name[(colon + 1)..] : "latest";
        return new ImageReference(repository, tag, RegistryOf(repository));
    }

    private static string RegistryOf(string repository)
    {
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? string.Empty : repository[..slash];
        return first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || string.Equals(first, "localhost", StringComparison.Ordinal)
            ? first
            : DefaultRegistry;
    }
}
