using System.Globalization;
using System.Text.RegularExpressions;
using Acornima;
using Jint.Runtime;
using Warp.Cluster.Identity;

namespace Warp.Node.Cli.Configuration.Scripts;

/// <summary>Puts into words why code failed, and where.</summary>
internal static partial class ScriptFailure
{
    private const int MaxMessage = 500;

    public static ScriptException Of(Exception thrown, string file, string? trace, TimeSpan time, ScriptLimits limits) => thrown switch
    {
        ScriptException already => already,
        ParseErrorException broken => new($"{file}:{broken.LineNumber}:{broken.Column + 1}: this is no valid JavaScript: {Clean(broken.Description ?? broken.Message)}", broken),
        JavaScriptException error => At(file, $"{error.JavaScriptStackTrace}\n{Located(error, file)}\n{trace}", IsDepth(error) ? TooDeep : Clean(error.Message), error),
        RegexMatchTimeoutException => At(
            file, trace, string.Create(CultureInfo.InvariantCulture, $"a regular expression takes more than {limits.Match.TotalSeconds:0.#} s for one text. Repetitions within repetitions, such as (a+)+, do that: simplify it"), thrown),
        TimeoutException => At(file, trace, string.Create(CultureInfo.InvariantCulture, $"the code runs for more than {time.TotalSeconds:0.#} s. {NoEnd}"), thrown),
        StatementsCountOverflowException => At(file, trace, string.Create(CultureInfo.InvariantCulture, $"the code runs through more than {limits.Statements} statements. {NoEnd}"), thrown),
        MemoryLimitExceededException => At(file, trace, $"the code takes more than {limits.Memory / 1024 / 1024} MiB of memory. A configuration only describes services: make the lists and texts in it small", thrown),
        RecursionDepthOverflowException or InsufficientExecutionStackException => At(file, trace, TooDeep, thrown),
        InvalidOperationException when thrown.Message.StartsWith("Module loading", StringComparison.Ordinal) =>
            At(file, trace, "a configuration file stands alone and imports nothing. Write what you need into it", thrown),
        _ => At(file, trace, $"the code cannot be run: {Clean(thrown.Message)}", thrown),
    };

    /// <summary>An operation of the engine did not let itself be interrupted.</summary>
    public static ScriptException GivenUp(string file, TimeSpan time) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file}: the code was given up: one operation in it took more than {time.TotalSeconds:0.#} s, or too much memory. A configuration only describes services: simplify it"));

    /// <summary>All calls together took too long.</summary>
    public static ScriptException AllCalls(string file, ScriptLimits limits) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file}: the functions for 'include' and 'exclude' took more than {limits.AllCalls.TotalSeconds:0.#} s together. Make them simpler, or exclude large folders in .dockerignore"));

    private const string NoEnd = "Has a loop no end? A configuration only describes services: compute nothing long in it";

    private const string TooDeep = "functions or brackets are nested too deeply. Does a function call itself without an end?";

    private static ScriptException At(string file, string? trace, string message, Exception cause) => new($"{file}{Place(trace)}: {message}", cause);

    // The first frame in the file itself: those before it are the prelude's.
    private static string? Place(string? trace)
    {
        foreach (var line in (trace ?? "").Split('\n'))
        {
            if (Frame().Match(line) is { Success: true } frame && !string.Equals(frame.Groups["source"].Value, ScriptPrelude.Source, StringComparison.Ordinal))
            {
                return $":{frame.Groups["line"].Value}:{frame.Groups["column"].Value}";
            }
        }

        return null;
    }

    // Errors of syntax have no frame.
    private static string? Located(JavaScriptException error, string file) =>
        string.Equals(error.Location.SourceFile, file, StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"at {file}:{error.Location.Start.Line}:{error.Location.Start.Column + 1}")
            : null;

    private static bool IsDepth(JavaScriptException error) => error.Message.StartsWith("Maximum call stack", StringComparison.Ordinal);

    private static string Clean(string message)
    {
        var text = new string([.. ParserPlace().Replace(message, "").Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return text.Length > MaxMessage ? text[..MaxMessage] + "..." : text;
    }

    [GeneratedRegex(@"(^|\(| )(?<source>[^( ]*):(?<line>[0-9]+):(?<column>[0-9]+)\)?\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex Frame();

    [GeneratedRegex(@" \([^()]*:[0-9]+:[0-9]+\)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex ParserPlace();
}
