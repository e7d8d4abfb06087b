using System.Globalization;
using Warp.Bench.Relay;

namespace Warp.Bench.Scale.Traffic;

/// <summary>
/// What size costs: lookups, connects and round trips with one and with thousands of deployments, and beside tens of thousands of idle streams, measured in turn.
/// Each relay is a process; load, relays and server share one machine over loopback.
/// </summary>
internal static class TrafficCommand
{
    private const int FilesForOthers = 500;

    // A relay takes half as many connections as it may have files open, and leaves some of that for callers that have none yet.
    private const int FilesForStream = 3;

    private const string Help = """
        warp-bench scale traffic [--rounds N] [--deployments N] [--idle N] [--quick]
          5 rounds, 5,000 deployments, 50,000 idle streams, one second of load each time; --quick only shows that it works
        """;

    internal static async Task<int> RunAsync(string[] arguments)
    {
        if (Arguments.Parse(arguments) is not { } given)
        {
            await Console.Error.WriteLineAsync(Help);
            return 2;
        }

        var quick = given.Has("quick");
        var plan = new ScalePlan(
            given.Number("rounds", quick ? 1 : 5),
            given.Number("deployments", 5000),
            given.Number("idle", quick ? 1000 : 50_000),
            quick ? 0.2 : 1,
            quick ? 100_000 : 2_000_000);
        var wanted = (FilesForStream * plan.Idle) + FilesForOthers;
        var limit = OpenFiles.Raise(wanted);
        if (limit < wanted)
        {
            plan = plan with { Idle = (limit - FilesForOthers) / FilesForStream };
            Console.WriteLine($"{limit} open files are all that a process may have here (more takes CAP_SYS_RESOURCE, or a higher 'ulimit -Hn'): {plan.Idle} idle streams");
        }

        var folder = Directory.CreateTempSubdirectory("warp-bench-");
        try
        {
            WriteCredentials(folder.FullName);
            using var run = await ScaleRun.StartAsync(plan, folder.FullName);
            run.Measure();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static void WriteCredentials(string folder)
    {
        using var authority = new BenchAuthority();
        foreach (var runner in new[] { ScaleRoutes.Entry, ScaleRoutes.Exit })
        {
            var credentials = authority.Issue(runner);
            File.WriteAllText(Path.Combine(folder, $"{runner}.crt"), credentials.CertificatePem);
            File.WriteAllText(Path.Combine(folder, $"{runner}.key"), credentials.KeyPem);
            File.WriteAllText(Path.Combine(folder, "ca.crt"), credentials.Authorities[0].ExportCertificatePem());
        }
    }
}

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often each in turn.</param>
/// <param name="Deployments">How many are many.</param>
/// <param name="Idle">How many idle streams.</param>
/// <param name="Seconds">How long connections, and round trips, are measured each time.</param>
/// <param name="Lookups">How many lookups each time.</param>
internal sealed record ScalePlan(int Rounds, int Deployments, int Idle, double Seconds, int Lookups)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Deployments} deployments, {Idle} idle streams, {Rounds} rounds");
}
