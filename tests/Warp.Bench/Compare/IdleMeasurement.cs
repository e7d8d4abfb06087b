using System.Globalization;
using System.Runtime.InteropServices;

namespace Warp.Bench.Compare;

/// <summary>What open connections cost when nothing moves on them.</summary>
internal static partial class IdleMeasurement
{
    internal const string Figure = "idle";

    // Room for what a process holds besides the two sockets of each connection.
    private const int Reserved = 1000;
    private const int Most = 9500;
    private const int OpenFiles = 7;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);

    /// <summary>How many connections the limit of open files leaves room for.</summary>
    internal static int Connections(bool quick) => quick ? 200 : (int)Math.Min(Most, (MaxOpenFiles() - Reserved) / 2);

    /// <summary>Measures a peer that was started for this.</summary>
    /// <exception cref="BenchException">The client failed.</exception>
    internal static async Task<Dictionary<string, double>> RunAsync(BenchHost host, RunningPeer peer, int connections, CancellationToken cancellationToken)
    {
        // What is allocated at the first use is no cost of a connection.
        await LoadClient.RunAsync(host, Compare.Figure.Arguments("connect 16 64 S", peer.Entry, 0.5), Limit, () => Task.CompletedTask, cancellationToken);
        await Task.Delay(Settling, cancellationToken);
        var (before, after) = (peer.Kilobytes, 0L);
        var result = await LoadClient.RunAsync(
            host,
            Compare.Figure.Arguments($"idle {connections.ToString(CultureInfo.InvariantCulture)}", peer.Entry, 0),
            Limit,
            async () =>
            {
                await Task.Delay(Settling, cancellationToken);
                after = peer.Kilobytes;
            },
            cancellationToken);
        if (peer.HasProcesses && result["opened"] > 0)
        {
            result["kb_per_connection"] = (after - before) / result["opened"];
        }

        return result;
    }

    private static unsafe long MaxOpenFiles()
    {
        // struct rlimit (man 2 getrlimit): the soft and the hard limit; the runtime and its children use the hard one.
        var limits = stackalloc long[2];
        return GetLimit(OpenFiles, limits) == 0 && limits[1] >= 0 ? limits[1] : int.MaxValue;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static unsafe partial int GetLimit(int resource, long* limits);
}
