using System.CommandLine;
using System.Text.Json;
using Warp.Node.Configuration;
using Warp.Node.Diagnosis;
using Warp.Node.Hosting;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp doctor</c>: what keeps runners from working, and what to do about it.</summary>
internal static class DoctorCommand
{
    private const string ThisHost = "this host";

    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var runner = new Option<string?>("--runner") { Description = "Look at this runner only.", HelpName = "RUNNER" };
        var command = new Command("doctor", "Look at every runner: engine, kernel, firewall, disk, certificates, clocks, and each port of each other runner.") { runner };
        connection.AddJsonTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var found = await ExamineAsync(connection, parsed, parsed.GetValue(runner), cancellationToken);
            if (connection.Json(parsed))
            {
                output.Line(JsonSerializer.Serialize(found, ManagementJson.Default.ExaminationListDocument));
            }
            else
            {
                FindingTable.Print("runner", All(found), output);
            }

            return (int)(All(found).Any(one => one.Finding.Level == FindingLevel.Problem) ? ExitCode.Failed : ExitCode.Ok);
        });
        return command;
    }

    private static async Task<ExaminationListDocument> ExamineAsync(ConnectionOptions connection, ParseResult parsed, string? runner, CancellationToken cancellationToken)
    {
        using var node = connection.Connect(parsed);
        try
        {
            return runner is null
                ? await node.ReadAsync("warp/v1/doctor", ManagementJson.Default.ExaminationListDocument, cancellationToken)
                : new ExaminationListDocument([await node.ReadAsync($"warp/v1/runners/{Uri.EscapeDataString(runner)}/doctor", ManagementJson.Default.ExaminationDocument, cancellationToken)]);
        }
        catch (OperatorException failure) when (failure.ExitCode == ExitCode.Unreachable && runner is null && connection.IsLocal(parsed))
        {
            var findings = await OfflineDoctor.ExamineAsync(connection.Data(parsed), cancellationToken);
            var stopped = Finding.Problem("node", failure.Message, "'systemctl status warp' and 'journalctl -u warp' say why it does not run; what follows was looked at without it");
            return new ExaminationListDocument([new ExaminationDocument(ThisHost, [stopped, .. findings])]);
        }
    }

    private static IReadOnlyList<(string Runner, Finding Finding)> All(ExaminationListDocument found) =>
        [.. found.Runners.SelectMany(examined => examined.Findings.Select(finding => (examined.Runner, finding)))];
}
