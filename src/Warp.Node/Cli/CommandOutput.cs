using Spectre.Console;

namespace Warp.Node.Cli;

/// <summary>Where a command writes: results to one side, failures to the other.</summary>
/// <param name="out">Results.</param>
/// <param name="error">Failures and progress.</param>
/// <param name="redirected">Whether results go to a file or another program: then no colours, no cursor movements and no line is cut.</param>
public sealed class CommandOutput(TextWriter @out, TextWriter error, bool redirected)
{
    private const int UncutWidth = 1000;

    /// <summary>Results.</summary>
    public TextWriter Out { get; } = @out;

    /// <summary>Failures and progress.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>Where a command reads what it is given on standard input.</summary>
    public TextReader In { get; init; } = System.Console.In;

    /// <summary>The same as bytes, opened when they are first needed.</summary>
    internal Func<StandardStreams> Streams { get; init; } = () => StandardStreams.Of(@out, error);

    /// <summary>Whether a person looks at a terminal.</summary>
    public bool Interactive => !redirected;

    /// <summary>For tables and live displays.</summary>
    internal IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(Out),
        });
        if (redirected)
        {
            console.Profile.Width = UncutWidth;
        }

        return console;
    }

    /// <summary>One line of result.</summary>
    internal void Line(string text) => Out.WriteLine(text);

    /// <summary>Why it did not work, on the error side.</summary>
    internal void Fail(string message) => Error.WriteLine($"warp: {message}");

    /// <summary>A table with the given heads; a cell is plain text, never markup.</summary>
    internal void Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows) => Console().Write(TextTable.Of(heads, rows));
}
