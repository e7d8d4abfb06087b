using Warp.Node.Diagnosis;

namespace Warp.Node.Cli;

/// <summary>Prints findings: all in a table, and below it what to do about those that are not as they should be.</summary>
internal static class FindingTable
{
    /// <summary>Prints what was found at several places.</summary>
    public static void Print(string place, IReadOnlyList<(string Place, Finding Finding)> findings, CommandOutput output)
    {
        output.Table([place, "check", "state", "seen"], findings.Select(one => (IReadOnlyList<string>)[one.Place, .. Row(one.Finding)]));
        PrintRemedies(findings.Select(one => ($"{one.Place}, {one.Finding.Check}", one.Finding)), output);
    }

    /// <summary>Prints the steps of one way.</summary>
    public static void Print(IReadOnlyList<Finding> steps, CommandOutput output)
    {
        output.Table(["step", "state", "seen"], steps.Select(Row));
        PrintRemedies(steps.Select(step => (step.Check, step)), output);
    }

    private static void PrintRemedies(IEnumerable<(string Name, Finding Finding)> findings, CommandOutput output)
    {
        foreach (var (name, finding) in findings.Where(one => one.Finding.Remedy is not null))
        {
            output.Line($"{name}: {finding.Remedy}");
        }
    }

    private static IReadOnlyList<string> Row(Finding finding) => [finding.Check, State(finding.Level), finding.Message];

    private static string State(FindingLevel level) => level switch
    {
        FindingLevel.Ok => "ok",
        FindingLevel.Warning => "warning",
        _ => "problem",
    };
}
