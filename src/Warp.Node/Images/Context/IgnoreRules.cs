using System.Collections.Immutable;
using Warp.Node.Configuration;

namespace Warp.Node.Images.Context;

/// <summary>Which files of a context are left out: the lines of a <c>.dockerignore</c>, of which the last that matches decides.</summary>
internal sealed class IgnoreRules
{
    /// <summary>The file in the context's folder; <c>NAME.dockerignore</c> beside the Dockerfile NAME wins over it.</summary>
    public const string FileName = ".dockerignore";

    private readonly ImmutableArray<IgnorePattern> _patterns;

    private IgnoreRules(ImmutableArray<IgnorePattern> patterns) => _patterns = patterns;

    /// <summary>What is left out when nobody says anything: the history of the folder.</summary>
    public static IgnoreRules Default { get; } = Parse([".git"], FileName);

    /// <summary>Leaves out nothing.</summary>
    public static IgnoreRules None { get; } = new([]);

    /// <summary>The rules for a context; null when neither file exists.</summary>
    /// <param name="folder">The context.</param>
    /// <param name="dockerfile">Full path of the Dockerfile.</param>
    /// <exception cref="OperatorException">The file cannot be read, or a line of it is wrong.</exception>
    public static IgnoreRules? Load(string folder, string dockerfile)
    {
        var file = ((ReadOnlySpan<string>)[dockerfile + FileName, Path.Combine(folder, FileName)]).ToArray().FirstOrDefault(File.Exists);
        try
        {
            return file is null ? null : Parse(File.ReadAllLines(file), file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.Usage, $"{file} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Reads lines.</summary>
    /// <param name="lines">As in the file.</param>
    /// <param name="file">Its name, for the message.</param>
    /// <exception cref="OperatorException">A line is wrong.</exception>
    public static IgnoreRules Parse(IEnumerable<string> lines, string file)
    {
        var patterns = ImmutableArray.CreateBuilder<IgnorePattern>();
        foreach (var (number, line) in lines.Index())
        {
            try
            {
                if (IgnorePattern.Parse(line) is { } pattern)
                {
                    patterns.Add(pattern);
                }
            }
            catch (Exception wrong) when (wrong is FormatException or ArgumentException)
            {
                throw new OperatorException(ExitCode.Usage, $"{file}:{number + 1}: {wrong.Message}. Put a backslash before a bracket that is meant as it stands.", wrong);
            }
        }

        return new IgnoreRules(patterns.ToImmutable());
    }

    /// <summary>Whether the file or folder is left out.</summary>
    /// <param name="path">Relative to the context, with '/'.</param>
    public bool Ignores(string path)
    {
        var ignored = false;
        foreach (var pattern in _patterns)
        {
            if (pattern.Negated == ignored && pattern.Matches(path))
            {
                ignored = !pattern.Negated;
            }
        }

        return ignored;
    }

    /// <summary>Whether something inside a folder that is left out may be taken back in.</summary>
    /// <param name="folder">Relative to the context, with '/'.</param>
    public bool MayKeepInside(string folder) => _patterns.Any(pattern => pattern.Negated && pattern.MayMatchInside(folder));
}
