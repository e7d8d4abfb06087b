using System.Text;
using System.Text.RegularExpressions;

namespace Warp.Node.Images.Context;

/// <summary>
/// One line of a <c>.dockerignore</c> (docs.docker.com/build/concepts/context/#dockerignore-files): <c>*</c> and <c>?</c> stay inside a path segment, <c>**</c> stands for any number
/// of segments, <c>[a-z]</c> and <c>[^a-z]</c> for one character, a backslash takes the next character as it is, and a leading <c>!</c> takes files back in.
/// </summary>
internal sealed class IgnorePattern
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);
    private readonly Regex _whole;
    private readonly Regex?[] _segments;

    private IgnorePattern(string pattern, bool negated)
    {
        Negated = negated;
        _whole = Compile(pattern);
        _segments = [.. pattern.Split('/').Select(segment => string.Equals(segment, "**", StringComparison.Ordinal) ? null : Compile(segment))];
    }

    /// <summary>Whether what it matches is taken back in.</summary>
    public bool Negated { get; }

    /// <summary>Reads a line; null for a comment, an empty line, and a line that means the whole context (it has never had an effect).</summary>
    /// <exception cref="FormatException">A bracket is not closed.</exception>
    public static IgnorePattern? Parse(string line)
    {
        if (line.StartsWith('#'))
        {
            return null;
        }

        var text = line.Trim();
        var negated = text.StartsWith('!');
        var clean = Clean(negated ? text[1..].Trim() : text);
        return clean.Length == 0 ? null : new IgnorePattern(clean, negated);
    }

    /// <summary>Whether the pattern names the path itself or a folder that it is in.</summary>
    /// <param name="path">Relative to the context, with '/'.</param>
    public bool Matches(string path)
    {
        for (var end = path.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.IndexOf('/', end + 1))
        {
            if (_whole.IsMatch(path[..end]))
            {
                return true;
            }
        }

        return _whole.IsMatch(path);
    }

    /// <summary>Whether it may match something inside the folder.</summary>
    /// <param name="folder">Relative to the context, with '/'.</param>
    public bool MayMatchInside(string folder)
    {
        var names = folder.Split('/');
        for (var i = 0; i < names.Length && i < _segments.Length; i++)
        {
            if (_segments[i] is not { } segment)
            {
                return true;
            }

            if (!segment.IsMatch(names[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Without empty and '.' segments, and with '..' resolved: a pattern cannot lead out of the context.</summary>
    private static string Clean(string pattern)
    {
        var kept = new List<string>();
        foreach (var segment in pattern.Split('/'))
        {
            if (string.Equals(segment, "..", StringComparison.Ordinal))
            {
                kept.RemoveRange(Math.Max(0, kept.Count - 1), Math.Min(1, kept.Count));
            }
            else if (segment is not ("" or "."))
            {
                kept.Add(segment);
            }
        }

        return string.Join('/', kept);
    }

    private static Regex Compile(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    i++;
                    var beforeSlash = i + 1 < pattern.Length && pattern[i + 1] == '/';
                    i += beforeSlash ? 1 : 0;
                    regex.Append(beforeSlash ? "(.*/)?" : ".*");
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '[':
                    i = AppendClass(pattern, i, regex);
                    break;
                case '\\' when i + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }

        return new Regex(regex.Append("\\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture, MatchLimit);
    }

    /// <summary>Appends the class that begins at the position.</summary>
    /// <returns>The position of its closing bracket.</returns>
    private static int AppendClass(string pattern, int start, StringBuilder regex)
    {
        var i = start + 1;
        var negated = i < pattern.Length && pattern[i] == '^';
        regex.Append(negated ? "[^/" : "[");
        for (i += negated ? 1 : 0; i < pattern.Length && pattern[i] != ']'; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
            {
                regex.Append('\\').Append(pattern[++i]);
            }
            else
            {
                regex.Append(pattern[i] is '[' or '\\' or '^' ? $"\\{pattern[i]}" : pattern[i].ToString());
            }
        }

        if (i == pattern.Length)
        {
            throw new FormatException($"the bracket in '{pattern}' is not closed");
        }

        regex.Append(']');
        return i;
    }
}
