using System.Globalization;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Contract;

/// <summary>What connections leave behind in the kernel and in the nodes once they have ended: nothing.</summary>
[Collection(LabGroup.Name)]
public sealed class LeftoverTests(LabFixture lab, ITestOutputHelper output)
{
    // As many as other connections of the lab come and go with: the cluster's, the engines', a probe's.
    private const int Others = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static string Count { get; } = Environment.GetEnvironmentVariable("WARP_RUDE_CLIENTS") is { Length: > 0 } text ? text : "2000";

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task C25_clients_without_manners_leave_no_tracked_connection_and_no_descriptor_behind(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);
        await using var short1 = await ShortTimeouts.SetAsync(lab.R1);
        await using var short2 = await ShortTimeouts.SetAsync(lab.R2);
        var before = await FiguresAsync();

        var rude = await pair.AppToDbAsync("rude", PeerPair.Port, Count);

        rude.Ok.ShouldBeTrue(rude.Detail);
        output.WriteLine($"before: {before}; at once: {await FiguresAsync()}");
        await Poll.UntilAsync("nothing is left", Patience, async () => (await FiguresAsync()).IsLike(before));
        output.WriteLine($"after {Count} connections: {await FiguresAsync()}");
    }

    private async Task<Leftovers> FiguresAsync()
    {
        var figures = new Leftovers(0, 0);
        foreach (var runner in new[] { lab.R1, lab.R2 })
        {
            var tracked = (await runner.Machine.RunAsync(["cat", "/proc/sys/net/netfilter/nf_conntrack_count"])).Ensure().Output;
            figures = new Leftovers(
                figures.Tracked + int.Parse(tracked, CultureInfo.InvariantCulture),
                figures.Descriptors + Directory.GetFileSystemEntries($"/proc/{runner.Node.Process!.Identity.Pid}/fd").Length);
        }

        return figures;
    }

    /// <summary>On both runners.</summary>
    /// <param name="Tracked">Entries of connection tracking.</param>
    /// <param name="Descriptors">Descriptors of the node processes.</param>
    private sealed record Leftovers(int Tracked, int Descriptors)
    {
        internal bool IsLike(Leftovers before) => Tracked <= before.Tracked + Others && Descriptors <= before.Descriptors + Others;
    }

    /// <summary>The kernel remembers connections that have ended for two minutes; a runner of which this is held forgets them after seconds.</summary>
    private sealed class ShortTimeouts : IAsyncDisposable
    {
        private static readonly string[] Ended = ["fin_wait", "close_wait", "last_ack", "time_wait", "close", "unacknowledged"];
        private readonly LabRunner _runner;
        private readonly string _former;

        private ShortTimeouts(LabRunner runner, string former) => (_runner, _former) = (runner, former);

        public async ValueTask DisposeAsync() => await ApplyAsync(_runner, _former);

        internal static async Task<ShortTimeouts> SetAsync(LabRunner runner)
        {
            var former = (await runner.Machine.RunAsync(["sysctl", .. Ended.Select(Key)])).Ensure().Output;
            await ApplyAsync(runner, string.Join('\n', Ended.Select(name => $"{Key(name)} = 3")));
            return new ShortTimeouts(runner, former);
        }

        private static string Key(string name) => $"net.netfilter.nf_conntrack_tcp_timeout_{name}";

        private static async Task ApplyAsync(LabRunner runner, string settings) =>
            (await runner.Machine.RunAsync(["sysctl", "--quiet", "--load=-"], input: settings)).Ensure();
    }
}
