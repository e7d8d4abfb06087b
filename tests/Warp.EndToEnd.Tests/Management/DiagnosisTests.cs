using System.Text.Json;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;

namespace Warp.EndToEnd.Tests.Management;

/// <summary><c>warp doctor</c> and <c>warp explain</c> while things are well, while they are broken, and afterwards.</summary>
[Collection(LabGroup.Name)]
public sealed class DiagnosisTests(LabFixture lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A firewall of the host as people have them: it knows the nodes' ports but one, and nothing of containers.
    private const string HostFirewall =
        """
        table inet hostfw {
          chain input {
            type filter hook input priority 0; policy drop;
            iif "lo" accept
            ct state established,related accept
            icmp type echo-request accept
            tcp dport { 22, 4053, 8558 } accept
          }
        }

        """;

    [Fact]
    public async Task The_doctor_names_what_is_broken_on_which_runner_and_is_content_when_it_is_mended()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        (await FindingsAsync("problem")).ShouldBeEmpty();

        (await lab.R2.Machine.RunAsync(["nft", HostFirewall])).Ensure();
        (await lab.R1.Machine.RunAsync(["nft", "flush", "table", "inet", "warp"])).Ensure();
        await lab.R2.Engine.FreezeDaemonAsync();
        try
        {
            await SeenAsync("the hanging engine", "problem", "r2 engine");
            await SeenAsync("the port that is filtered", "problem", "r1 peer r2: does not answer at", ":4054 (tunnel)");
            await SeenAsync("the firewall in the way of containers", "problem", "r2 firewall: the chain 'input' of table inet hostfw");
            (await lab.R2.Machine.RunAsync(["sh", "-c", await RemedyAsync("r2", "firewall")])).Ensure();
            await Poll.UntilAsync("what the doctor says lets calls of containers in", Patience, async () =>
                !(await FindingsAsync("problem")).Any(finding => finding.StartsWith("r2 firewall", StringComparison.Ordinal)));
            await SeenAsync("the rules that were flushed", "warning", "r1 firewall:", "others changed our rules");
        }
        finally
        {
            await lab.R2.Engine.ThawDaemonAsync();
            (await lab.R2.Machine.RunAsync(["nft", "delete", "table", "inet", "hostfw"])).Ensure();
        }

        await Poll.UntilAsync("the doctor is content", Patience, async () => (await FindingsAsync("problem")).Count == 0);
        await pair.WaitReachableAsync(Patience);
    }

    [Fact]
    public async Task A_host_whose_node_does_not_run_is_looked_at_without_it_and_the_others_say_that_it_is_away()
    {
        await lab.R2.Node.KillAsync();
        try
        {
            var there = await lab.R2.WarpAsync("doctor");
            there.ExitCode.ShouldBe(1, there.Output + there.Error);
            there.Output.ShouldContain("journalctl -u warp");
            there.Output.ShouldContain("certificates");
            await SeenAsync("the node that is away", "problem", "r1 peer r2: nothing listens at");
        }
        finally
        {
            await lab.R2.Node.StartAsync();
            await lab.R2.Node.WaitReadyAsync();
        }

        await Poll.UntilAsync("the doctor is content", Patience, async () => (await FindingsAsync("problem")).Count == 0);
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task A_way_is_explained_whether_it_works_is_refused_or_is_not_allowed(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);

        var works = await lab.R2.WarpAsync("explain", $"{pair.Name}/app", $"db:{PeerPair.Port}");
        works.ExitCode.ShouldBe(0, works.Output + works.Error);
        works.Output.ShouldContain($"{pair.Name}/app reaches {pair.Name}/db:{PeerPair.Port}");
        works.Output.ShouldContain(placement == Placement.OneRunner ? "both are on r1" : "trunks lead from r1 to r2");

        var closed = await lab.R1.WarpAsync("explain", $"{pair.Name}/app", $"db:{PeerPair.ClosedPort}");
        closed.ExitCode.ShouldBe(1, closed.Output + closed.Error);
        closed.Output.ShouldContain($"listens at port {PeerPair.ClosedPort}; it listens at");
        closed.Output.ShouldContain("ConnectionRefused");

        var denied = await lab.R1.WarpAsync("explain", $"{pair.Name}/app", $"elsewhere/db:{PeerPair.Port}");
        denied.ExitCode.ShouldBe(1, denied.Output + denied.Error);
        denied.Output.ShouldContain("different deployments");
    }

    private Task SeenAsync(string what, string level, params string[] words) => Poll.UntilAsync(
        what, Patience, async () => (await FindingsAsync(level)).Any(finding => words.All(word => finding.Contains(word, StringComparison.Ordinal))));

    // As "runner check: message".
    private async Task<IReadOnlyList<string>> FindingsAsync(string level) =>
        [.. (await ExamineAsync()).Where(one => string.Equals(one.Level, level, StringComparison.OrdinalIgnoreCase)).Select(one => $"{one.Runner} {one.Check}: {one.Message}")];

    private async Task<string> RemedyAsync(string runner, string check) =>
        (await ExamineAsync()).First(one => one.Remedy is not null && string.Equals($"{one.Runner} {one.Check}", $"{runner} {check}", StringComparison.Ordinal)).Remedy!;

    private async Task<IReadOnlyList<Found>> ExamineAsync()
    {
        using var document = JsonDocument.Parse((await lab.R1.WarpAsync("doctor", "--json")).Output);
        return
        [
            .. from runner in document.RootElement.GetProperty("runners").EnumerateArray()
               from finding in runner.GetProperty("findings").EnumerateArray()
               select new Found(Text(runner, "runner")!, Text(finding, "check")!, Text(finding, "level")!, Text(finding, "message")!, Text(finding, "remedy")),
        ];
    }

    private static string? Text(JsonElement parent, string property) => parent.GetProperty(property).GetString();

    private sealed record Found(string Runner, string Check, string Level, string Message, string? Remedy);
}
