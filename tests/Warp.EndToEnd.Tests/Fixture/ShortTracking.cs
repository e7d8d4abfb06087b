using Warp.Lab;

namespace Warp.EndToEnd.Tests.Fixture;

/// <summary>The kernel remembers connections that have ended for two minutes; the runners of a lab of which this is held forget them after seconds.</summary>
internal sealed class ShortTracking : IAsyncDisposable
{
    private static readonly string[] Ended = ["fin_wait", "close_wait", "last_ack", "time_wait", "close", "unacknowledged"];
    private readonly IReadOnlyList<(LabRunner Runner, string Settings)> _former;

    private ShortTracking(IReadOnlyList<(LabRunner Runner, string Settings)> former) => _former = former;

    /// <summary>Begins.</summary>
    internal static async Task<ShortTracking> SetAsync(WarpLab lab)
    {
        var former = new List<(LabRunner, string)>();
        foreach (var runner in lab.Runners)
        {
            former.Add((runner, (await runner.Machine.RunAsync(["sysctl", .. Ended.Select(Key)])).Ensure().Output));
            await ApplyAsync(runner, string.Join('\n', Ended.Select(name => $"{Key(name)} = 3")));
        }

        return new ShortTracking(former);
    }

    /// <summary>As it was.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (runner, settings) in _former)
        {
            await ApplyAsync(runner, settings);
        }
    }

    private static string Key(string name) => $"net.netfilter.nf_conntrack_tcp_timeout_{name}";

    private static async Task ApplyAsync(LabRunner runner, string settings) =>
        (await runner.Machine.RunAsync(["sysctl", "--quiet", "--load=-"], input: settings)).Ensure();
}
