using System.Globalization;
using System.Text.RegularExpressions;
using Warp.Cluster.Identity;
using Warp.Node.Docker;

namespace Warp.Node.Images.Builds;

/// <summary>
/// Makes events of what the engine writes during a build. Its text comes in pieces, is put together to lines, and is freed of the engine's own bookkeeping; of a line that a program
/// has overwritten in place, the last form counts.
/// </summary>
internal sealed partial class BuildOutput
{
    private readonly Queue<string> _tail = new();
    private string _open = "";
    private string? _error;

    /// <summary>The id of the newest image; null until there is one.</summary>
    public string? ImageId { get; private set; }

    /// <summary>The step that has begun last.</summary>
    public BuildStep? Step { get; private set; }

    /// <summary>Takes a message.</summary>
    /// <returns>What it means; nothing for most messages about layers.</returns>
    public IEnumerable<BuildEvent> Take(EngineMessage message)
    {
        ImageId = message.Aux?.Id ?? ImageId;
        _error ??= message.ErrorDetail?.Message;
        return message.Stream switch
        {
            null => [],
            { } word when _open.Length > 0 && IsEngines(word) => [.. TakeText("\n"), .. TakeText(word)],
            var text => TakeText(text),
        };
    }

    /// <summary>What is left when the engine has ended: a line without an end.</summary>
    public IEnumerable<BuildEvent> End() => TakeText(_open.Length > 0 ? "\n" : "");

    /// <summary>The failure that the engine told; null when it told none.</summary>
    public BuildFailed? Failure() => _error is { } error ? Failed(error) : null;

    /// <summary>A failure with the step and its last lines.</summary>
    public BuildFailed Failed(string error) => new(Explain(error), Step, [.. _tail]);

    private List<BuildEvent> TakeText(string text)
    {
        var happened = new List<BuildEvent>();
        var lines = (_open + text).Split('\n');
        _open = lines[^1];
        foreach (var raw in lines[..^1])
        {
            var line = raw.TrimEnd('\r');
            line = line[(line.LastIndexOf('\r') + 1)..];
            if (StepLine().Match(line) is { Success: true } step)
            {
                Step = new BuildStep(Number(step.Groups["number"]), Number(step.Groups["of"]), step.Groups["command"].Value);
                _tail.Clear();
                happened.Add(Step);
            }
            else if (!Bookkeeping().IsMatch(line))
            {
                Keep(line);
                happened.Add(new BuildLine(line));
            }
        }

        return happened;
    }

    // The engine does not look whether a program has ended its last line.
    private static bool IsEngines(string piece) => piece.TrimEnd('\n') is { Length: > 0 } line && (Bookkeeping().IsMatch(line) || StepLine().IsMatch(line));

    private void Keep(string line)
    {
        _tail.Enqueue(line);
        if (_tail.Count > BuildFailed.MaxOutput)
        {
            _tail.Dequeue();
        }
    }

    private string Explain(string error)
    {
        if (Step?.Command.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var from, .. var rest] && from.Equals("FROM", StringComparison.OrdinalIgnoreCase)
            && rest.FirstOrDefault(word => !word.StartsWith("--", StringComparison.Ordinal)) is { } image)
        {
            return ImageFailure.FromPull(image, ImageReference.Parse(image).Registry, error).Message;
        }

        return error.Contains("requires BuildKit", StringComparison.OrdinalIgnoreCase)
            ? $"{error}. The engine's own builder is used, which does not know it: write the step without the option"
            : error;
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Step (?<number>\d{1,6})/(?<of>\d{1,6}) : (?<command>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex StepLine();

    [GeneratedRegex(
        "^( ---> ([0-9a-f]{12}|Running in [0-9a-f]{12})|Removing intermediate container [0-9a-f]{12}|Successfully built [0-9a-f]{12})?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex Bookkeeping();
}
