namespace Warp.Node.Configuration;

/// <summary>
/// Finds brackets without a partner. Akka's parser takes them in silence: after one '}' too many it ignores the rest of the file, so a setting would be lost without a word.
/// </summary>
internal static class HoconBrackets
{
    /// <summary>What is wrong, with its line; null when every bracket has its partner.</summary>
    public static string? Problem(string hocon)
    {
        var open = new Stack<(char Bracket, int Line)>();
        var line = 1;
        for (var i = 0; i < hocon.Length; i++)
        {
            switch (hocon[i])
            {
                case '\n':
                    line++;
                    break;
                case '#' or '/' when hocon[i] == '#' || hocon.AsSpan(i).StartsWith("//", StringComparison.Ordinal):
                    i = Until(hocon, i, "\n") - 1;
                    break;
                case '"':
                    var end = StringEnd(hocon, i);
                    line += hocon.AsSpan(i, end - i).Count('\n');
                    i = end - 1;
                    break;
                case '{' or '[':
                    open.Push((hocon[i], line));
                    break;
                case '}' or ']' when !open.TryPop(out var partner) || partner.Bracket != (hocon[i] == '}' ? '{' : '['):
                    return $"line {line}: '{hocon[i]}' closes nothing";
                default:
                    break;
            }
        }

        return open.TryPeek(out var left) ? $"line {left.Line}: '{left.Bracket}' is never closed" : null;
    }

    private static int StringEnd(string hocon, int start)
    {
        const string multiLine = "\"\"\"";
        if (hocon.AsSpan(start).StartsWith(multiLine, StringComparison.Ordinal))
        {
            return Math.Min(Until(hocon, start + multiLine.Length, multiLine) + multiLine.Length, hocon.Length);
        }

        var i = start + 1;
        while (i < hocon.Length && hocon[i] is not ('"' or '\n'))
        {
            i += hocon[i] == '\\' ? 2 : 1;
        }

        return Math.Min(i < hocon.Length && hocon[i] == '"' ? i + 1 : i, hocon.Length);
    }

    private static int Until(string text, int start, string mark) =>
        text.IndexOf(mark, start, StringComparison.Ordinal) is >= 0 and var at ? at : text.Length;
}
