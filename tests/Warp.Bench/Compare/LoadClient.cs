using System.Diagnostics;
using Warp.Bench.Load;

namespace Warp.Bench.Compare;

/// <summary>Runs the load client and server as processes of their own inside the hosts.</summary>
internal static class LoadClient
{
    // Everything is compiled once and well at its first call: nothing compiles beside the measurement.
    private static readonly Dictionary<string, string> Compilation = new(StringComparer.Ordinal) { ["DOTNET_TieredCompilation"] = "0" };

    internal static BenchProcess StartServer(BenchHost host, int port) =>
        BenchProcess.Start(host.Enter(Command.Self("load", "server", $"{port}")), Compilation);

    /// <summary>Runs a client to its end.</summary>
    /// <param name="host">Where.</param>
    /// <param name="arguments">What follows <c>load</c>.</param>
    /// <param name="limit">After which it has failed.</param>
    /// <param name="whenReady">Called when its connections are open; it begins when this is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BenchException">It failed, or did not end in time.</exception>
    internal static async Task<Dictionary<string, double>> RunAsync(
        BenchHost host, IReadOnlyList<string> arguments, TimeSpan limit, Func<Task> whenReady, CancellationToken cancellationToken)
    {
        using var process = BenchProcess.Launch(host.Enter(Command.Self(["load", .. arguments])), Compilation);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            return await ConverseAsync(process, whenReady, deadline.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchException($"no result within {limit.TotalSeconds:0} s", late);
        }
        finally
        {
            End(process);
        }
    }

    private static async Task<Dictionary<string, double>> ConverseAsync(Process process, Func<Task> whenReady, CancellationToken cancellationToken)
    {
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line is not LoadRun.ReadyWord)
            {
                return LoadRun.Read(line);
            }

            await whenReady();
            await process.StandardInput.WriteLineAsync();
            await process.StandardInput.FlushAsync(cancellationToken);
        }

        throw new BenchException($"the load client failed: {(await error).Trim()}");
    }

    private static void End(Process process)
    {
        if (!process.HasExited)
        {
            foreach (var pid in ProcessTable.Read().Tree([process.Id]))
            {
                ProcessTable.Kill(pid);
            }

            process.WaitForExit();
        }
    }
}
