using System.Collections.Immutable;

namespace Warp.Cluster.Specs;

/// <summary>A field with a program's words: a string in shell syntax, or an array with one word each.</summary>
internal static class CommandWords
{
    /// <summary>Reads it; empty when absent or wrong.</summary>
    public static ImmutableArray<string> Read(JsonFields fields, string field)
    {
        var words = fields.IsText(field) ? Split(fields, field) : fields.Texts(field, "a string in shell syntax or an array of strings");
        for (var i = 0; i < words.Length; i++)
        {
            if (SpecValidator.ArgumentProblem(words[i]) is { } problem)
            {
                fields.Report($"{field}[{i}]", problem);
            }
        }

        return words;
    }

    private static ImmutableArray<string> Split(JsonFields fields, string field)
    {
        if (!ShellWords.TrySplit(fields.Text(field) ?? "", out var words, out var problem))
        {
            fields.Report(field, problem);
        }

        return words;
    }
}
