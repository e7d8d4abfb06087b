using System.Globalization;
using System.Text.Json;
using Warp.Lab;
using Warp.Node.Configuration;
using Warp.Node.Interception.Rules;
using Warp.Node.Journal;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Deploying;

/// <summary>What deployments take up on one runner, by name: objects of the engine, the kernel, the disk and the node process.</summary>
internal static class RunnerFootprint
{
    /// <summary>Resident memory of the node, in MB.</summary>
    public const string Memory = "MB of memory";

    /// <summary>Rows of the journal that are about deployments, on the control node.</summary>
    public const string Rows = "journal rows of deployments";

    // These come and go with connections to the engine and between nodes; a few more are not a leak.
    private const int Slack = 25;
    private static readonly HashSet<string> Loose = new(StringComparer.Ordinal) { "descriptors", "tracked connections" };

    private static async Task<IReadOnlyDictionary<string, long>> OfAsync(LabRunner runner)
    {
        var process = $"/proc/{runner.Node.Process!.Identity.Pid}";
        var data = new DataFolder(runner.Node.DataFolder);
        var footprint = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["containers"] = await LinesAsync(runner, "docker", "ps", "--all", "--quiet"),
            ["networks"] = await LinesAsync(runner, "docker", "network", "ls", "--quiet"),
            ["network devices"] = await LinesAsync(runner, "ip", "-oneline", "link"),
            ["elements of rules"] = await ElementsAsync(runner),
            ["kept assignments"] = Directory.GetFiles(data.AssignmentsFolder, "*", SearchOption.AllDirectories).Length,
            ["tracked connections"] = long.Parse(
                (await runner.Machine.RunAsync(["cat", "/proc/sys/net/netfilter/nf_conntrack_count"])).Ensure().Output.Trim(), CultureInfo.InvariantCulture),
            ["descriptors"] = Directory.GetFiles($"{process}/fd").Length,
            [Memory] = ResidentKilobytes(process) / 1024,
        };
        if (File.Exists(data.JournalFile))
        {
            using var journal = JournalFile.OpenToRead(data.JournalFile);
            using var count = journal.CreateCommand();
            count.CommandText = "select (select count(*) from journal where persistence_id like 'deployment/%') + (select count(*) from snapshot where persistence_id like 'deployment/%')";
            footprint[Rows] = (long)count.ExecuteScalar()!;
        }

        return footprint;
    }

    /// <summary>Counts on each runner of a lab.</summary>
    public static Task<IReadOnlyDictionary<string, long>[]> OfAsync(WarpLab lab) => Task.WhenAll(lab.Runners.Select(OfAsync));

    /// <summary>What there is more of than before on any runner, for a person; empty when nothing is. Memory is not judged here: it moves with the garbage collector.</summary>
    public static string Growth(IReadOnlyDictionary<string, long>[] before, IReadOnlyDictionary<string, long>[] after) =>
        string.Join("; ", before.Zip(after, Growth).Where(text => text.Length > 0));

    /// <summary>A line for each runner.</summary>
    public static void Print(ITestOutputHelper output, string when, IReadOnlyDictionary<string, long>[] before, IReadOnlyDictionary<string, long>[] after)
    {
        foreach (var (was, now) in before.Zip(after))
        {
            output.WriteLine($"{when}: {string.Join(", ", now.Select(figure => $"{figure.Key} {was[figure.Key]} -> {figure.Value}"))}");
        }
    }

    private static string Growth(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after) => string.Join(", ", after
        .Where(figure => !string.Equals(figure.Key, Memory, StringComparison.Ordinal) && figure.Value > before[figure.Key] + (Loose.Contains(figure.Key) ? Slack : 0))
        .Select(figure => $"{figure.Key} {before[figure.Key]} -> {figure.Value}"));

    private static async Task<long> LinesAsync(LabRunner runner, params string[] command)
    {
        var result = command[0] is "docker" ? await runner.DockerAsync(command[1..]) : await runner.Machine.RunAsync(command);
        return result.Ensure().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    // Of the sets and maps that deployments are in; others of the table are filled by packets.
    private static async Task<long> ElementsAsync(LabRunner runner)
    {
        var names = SetSchema.All.Select(set => set.Name).ToHashSet(StringComparer.Ordinal);
        using var table = JsonDocument.Parse((await runner.Machine.RunAsync(["nft", "--json", "list", "table", "inet", "warp"])).Ensure().Output);
        return table.RootElement.GetProperty("nftables").EnumerateArray()
            .SelectMany(item => item.EnumerateObject())
            .Where(item => item.Name is "set" or "map" && names.Contains(item.Value.GetProperty("name").GetString()!) && item.Value.TryGetProperty("elem", out _))
            .Sum(item => item.Value.GetProperty("elem").GetArrayLength());
    }

    private static long ResidentKilobytes(string process)
    {
        var line = File.ReadLines($"{process}/status").Single(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
