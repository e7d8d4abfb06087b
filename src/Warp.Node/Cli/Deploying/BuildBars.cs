using System.Globalization;
using Spectre.Console;
using Warp.Node.Images.Builds;

namespace Warp.Node.Cli.Deploying;

/// <summary>Builds as bars, for a person at a terminal: one for the context that is sent, one for the steps, with the last line that the step printed.</summary>
internal sealed class BuildBars(IAnsiConsole console) : IBuildProgress
{
    private const int MaxLine = 60;
    private readonly Dictionary<string, (ProgressTask Upload, ProgressTask Steps)> _bars = new(StringComparer.Ordinal);
    private ProgressContext? _context;

    public Task ShowAsync(Func<Task> work) => console
        .Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .StartAsync(context =>
        {
            _context = context;
            return work();
        });

    public void Begin(string service, long bytes, int files)
    {
        var name = Markup.Escape(service);
        _bars[service] = (
            _context!.AddTask(string.Create(CultureInfo.InvariantCulture, $"{name}: sending {files} files, {bytes / 1e6:0.0} MB"), maxValue: Math.Max(1, bytes)),
            _context.AddTask($"{name}: building", autoStart: false));
    }

    public void Sent(string service, long bytes) => _bars[service].Upload.Value = bytes;

    public void Step(string service, BuildStep step)
    {
        var (upload, steps) = _bars[service];
        upload.Value = upload.MaxValue;
        upload.StopTask();
        if (!steps.IsStarted)
        {
            steps.StartTask();
        }

        (steps.MaxValue, steps.Value) = (Math.Max(1, step.Of), step.Number - 1);
        Describe(steps, service, string.Create(CultureInfo.InvariantCulture, $"step {step.Number} of {step.Of}: {step.Command}"));
    }

    public void Line(string service, string text)
    {
        if (_bars[service].Steps.IsStarted && text.Trim() is { Length: > 0 } line)
        {
            Describe(_bars[service].Steps, service, line);
        }
    }

    public void Done(string service, BuildDone image)
    {
        var (upload, steps) = _bars[service];
        (upload.Value, steps.Value) = (upload.MaxValue, steps.MaxValue);
        Describe(steps, service, $"built on {image.Runner}");
        upload.StopTask();
        steps.StopTask();
    }

    private static void Describe(ProgressTask bar, string service, string text)
    {
        var plain = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        bar.Description = Markup.Escape($"{service}: {(plain.Length > MaxLine ? plain[..MaxLine] + "..." : plain)}");
    }
}
