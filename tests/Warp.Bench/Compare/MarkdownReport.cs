using System.Globalization;
using System.Text;

namespace Warp.Bench.Compare;

/// <summary>The tables of a result.</summary>
internal sealed class MarkdownReport
{
    private const double WideSpread = 0.3;
    private readonly CompareResult _result;
    private readonly Summary _summary;
    private readonly StringBuilder _text = new();

    private MarkdownReport(CompareResult result) => (_result, _summary) = (result, new Summary(result));

    private IReadOnlyList<string> Measured => [.. _result.Peers.Where(peer => peer.NotMeasured is null).Select(peer => peer.Name)];

    private IReadOnlyList<string> Encrypted => [.. _result.Peers.Where(peer => peer is { NotMeasured: null, IsEncrypted: true }).Select(peer => peer.Name)];

    /// <summary>Writes a result as Markdown.</summary>
    internal static string Of(CompareResult result)
    {
        var report = new MarkdownReport(result);
        report.Head();
        report.Peers();
        foreach (var group in Figures.Groups)
        {
            report.Group(group);
        }

        report.Failures();
        return report._text.ToString();
    }

    private void Head()
    {
        var machine = _result.Machine;
        Line("# Tunnels side by side");
        Line();
        Line($"{machine.Date}, {machine.Processor}, {machine.Cores} cores, Linux {machine.Kernel}; {machine.Rounds} rounds, runs of {machine.BulkSeconds} s (bulk) and {machine.Seconds} s.");
        Line("Client, both ends of the tunnel and server share the cores. Each number is the median of the rounds (`~`: they lie apart by more than 30 % of it); a ratio is the median of the ratios within the rounds.");
        Line();
    }

    private void Peers()
    {
        Line("## Peers");
        Line();
        Table(["peer", "version", "data intact", "half-close", "readable on the wire", "note"], _result.Peers.Select(peer => (string[])
        [
            peer.Name, peer.Version ?? "-", YesNo(peer.Check?.IsIntact), YesNo(peer.Check?.PassesHalfClose), YesNo(peer.Check?.IsSeenOnTheWire),
            peer.NotMeasured is { } why ? $"**not measured**: {why}" : peer.Note,
        ]));
    }

    private void Group(FigureGroup group)
    {
        var figures = Figures.List.Where(figure => figure.Group == group && _result.Runs.Any(run => string.Equals(run.Figure, figure.Name, StringComparison.Ordinal))).ToList();
        if (figures.Count == 0)
        {
            return;
        }

        Line($"## {group.Title}");
        Line();
        figures.ForEach(figure => Line($"- `{figure.Name}`: {figure.Text}"));
        Line();
        foreach (var metric in group.Metrics)
        {
            Tables(metric, [.. figures.Where(figure => Measured.Any(peer => _summary.Median(peer, figure, metric) is not null))]);
        }
    }

    private void Tables(Metric metric, IReadOnlyList<Figure> figures)
    {
        if (figures.Count == 0)
        {
            return;
        }

        Line($"**{metric.Title}**{(metric.IsCompared ? " (in brackets: times plain)" : string.Empty)}");
        Line();
        string[] head = ["peer", .. figures.Select(figure => figure.Name)];
        Table(head, Measured.Select(peer => (string[])[peer, .. figures.Select(figure => Cell(peer, figure, metric))]));
        if (metric.IsCompared && Encrypted.Count > 1)
        {
            Line($"Times the best of the other encrypted peers, {(metric.MoreIsBetter ? "more" : "less")} is better:");
            Line();
            Table(head, Encrypted.Select(peer => (string[])[peer, .. figures.Select(figure => Number(_summary.ToBestOther(peer, figure, metric)))]));
        }
    }

    private string Cell(string peer, Figure figure, Metric metric)
    {
        if (_summary.Median(peer, figure, metric) is not { } median)
        {
            return "-";
        }

        var mark = _summary.Spread(peer, figure, metric) > WideSpread ? "~" : string.Empty;
        return metric.IsCompared && _summary.ToPlain(peer, figure, metric) is { } ratio ? $"{mark}{Number(median)} ({Number(ratio)})" : $"{mark}{Number(median)}";
    }

    private void Failures()
    {
        var failed = _result.Runs.Where(run => run.Failure is not null || run.Metrics.GetValueOrDefault("errors") > 0).ToList();
        Line("## Failures");
        Line();
        failed.ForEach(run => Line($"- {run.Peer}, {run.Figure}, round {run.Round + 1}: {run.Failure ?? $"{run.Metrics["errors"]:0} connections failed"}"));
        Line(failed.Count == 0 ? "None." : string.Empty);
    }

    private void Table(string[] head, IEnumerable<string[]> rows)
    {
        Line($"| {string.Join(" | ", head)} |");
        Line($"|{string.Concat(head.Select(_ => "---|"))}");
        foreach (var row in rows)
        {
            Line($"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |");
        }

        Line();
    }

    private void Line(string text = "") => _text.Append(text).Append('\n');

    private static string YesNo(bool? value) => value switch
    {
        true => "yes",
        false => "no",
        null => "-",
    };

    private static string Number(double? value) => value switch
    {
        null => "-",
        { } v when Math.Abs(v) >= 100 => v.ToString("0", CultureInfo.InvariantCulture),
        { } v when Math.Abs(v) >= 10 => v.ToString("0.0", CultureInfo.InvariantCulture),
        { } v => v.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
