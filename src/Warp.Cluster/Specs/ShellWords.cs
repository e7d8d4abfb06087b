using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Warp.Cluster.Specs;

/// <summary>
/// Splits a line into words by the quoting rules of the POSIX shell (XCU 2.2): backslash, single and double quotes. Nothing is expanded: '$', '*' and the like stay as they are.
/// </summary>
internal static class ShellWords
{
    /// <summary>Splits it.</summary>
    public static bool TrySplit(string line, out ImmutableArray<string> words, [NotNullWhen(false)] out string? problem)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        StringBuilder? word = null;
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            switch (c)
            {
                case '\\' when quote != '\'' && i + 1 < line.Length:
                    word = Escape(word ?? new StringBuilder(), line[++i], quote);
                    break;
                case '\'' or '"' when quote == '\0':
                    (quote, word) = (c, word ?? new StringBuilder());
                    break;
                case var _ when quote != '\0' && c == quote:
                    quote = '\0';
                    break;
                case ' ' or '\t' or '\r' or '\n' when quote == '\0':
                    Take(found, ref word);
                    break;
                default:
                    word = (word ?? new StringBuilder()).Append(c);
                    break;
            }
        }

        Take(found, ref word);
        problem = quote == '\0' ? null : $"the quote {quote} is not closed";
        words = problem is null ? found.ToImmutable() : [];
        return problem is null;
    }

    private static StringBuilder Escape(StringBuilder word, char escaped, char quote) => escaped switch
    {
        '\n' => word,
        _ when quote == '"' && escaped is not ('$' or '`' or '"' or '\\') => word.Append('\\').Append(escaped),
        _ => word.Append(escaped),
    };

    private static void Take(ImmutableArray<string>.Builder found, ref StringBuilder? word)
    {
        if (word is not null)
        {
            found.Add(word.ToString());
            word = null;
        }
    }
}
