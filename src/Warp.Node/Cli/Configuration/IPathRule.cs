namespace Warp.Node.Cli.Configuration;

/// <summary>Decides about a file of a build's context.</summary>
internal interface IPathRule
{
    /// <summary>Whether the rule speaks of this file.</summary>
    /// <param name="relative">Its path within the context, with '/' and without one at the beginning.</param>
    /// <param name="absolute">Its full path on this machine.</param>
    /// <exception cref="Warp.Node.Configuration.OperatorException">Code of the configuration file failed or did not end; the message names the place.</exception>
    bool Matches(string relative, string absolute);
}

/// <summary>A file or a folder with all that is in it.</summary>
/// <param name="folder">Absolute, without a slash at its end.</param>
internal sealed class AbsolutePathRule(string folder) : IPathRule
{
    public bool Matches(string relative, string absolute) =>
        absolute.StartsWith(folder, StringComparison.Ordinal) && (absolute.Length == folder.Length || absolute[folder.Length] == '/' || folder is "/");
}

/// <summary>One of several rules.</summary>
internal sealed class AnyPathRule(IReadOnlyList<IPathRule> rules) : IPathRule
{
    public bool Matches(string relative, string absolute) => rules.Any(rule => rule.Matches(relative, absolute));
}
