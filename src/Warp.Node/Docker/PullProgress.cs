using System.Globalization;

namespace Warp.Node.Docker;

/// <summary>Condenses the engine's many messages about a pull to a line a second, and keeps its error: the engine reports it inside a successful answer.</summary>
internal sealed class PullProgress(string image, IProgress<string> lines, TimeProvider clock)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, (long Current, long Total)> _layers = new(StringComparer.Ordinal);
    private long? _lastLine;

    /// <summary>Why the pull failed, in the engine's words; null when it did not.</summary>
    public string? Error { get; private set; }

    /// <summary>Takes a message.</summary>
    public void Report(EngineMessage value)
    {
        Error ??= value.ErrorDetail?.Message;
        if (value is { Id: { Length: > 0 } layer, Progress: { Total: > 0 } progress, Status: "Downloading" })
        {
            _layers[layer] = (progress.Current, progress.Total);
        }
        else if (value is { Id: { Length: > 0 } done, Status: "Download complete" or "Pull complete" } && _layers.TryGetValue(done, out var size))
        {
            _layers[done] = (size.Total, size.Total);
        }

        if (_lastLine is { } last && clock.GetElapsedTime(last) < s_interval)
        {
            return;
        }

        _lastLine = clock.GetTimestamp();
        lines.Report(_layers.Count == 0
            ? $"pulling {image}: {value.Status}"
            : string.Create(CultureInfo.InvariantCulture, $"pulling {image}: {_layers.Values.Sum(l => l.Current) / 1e6:0.0} of {_layers.Values.Sum(l => l.Total) / 1e6:0.0} MB"));
    }
}
