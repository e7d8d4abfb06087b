using System.Runtime.InteropServices;
using Warp.Bench.Relay;

namespace Warp.Bench.Compare;

/// <summary>The same work through this project's relay and through what else one could use, side by side.</summary>
internal static class CompareCommand
{
    internal static async Task<int> RunAsync(string[] arguments)
    {
        if (Arguments.Parse(arguments) is not { } given)
        {
            await Console.Error.WriteLineAsync(CompareOptions.Help);
            return 2;
        }

        // Servers are not on the path of every user.
        Environment.SetEnvironmentVariable("PATH", $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin");

        // The runtime's diagnostics leave a socket in the temporary folder when a process is killed.
        Environment.SetEnvironmentVariable("DOTNET_EnableDiagnostics", "0");
        using var stop = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            var result = given.Has("report") ? await CompareResult.ReadAsync(given.Required("report")) : await MeasureAsync(CompareOptions.From(given), stop.Token);
            Console.Write(MarkdownReport.Of(result));
            return 0;
        }
        catch (BenchException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("stopped; everything that was started is gone");
            return 130;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<CompareResult> MeasureAsync(CompareOptions options, CancellationToken cancellationToken)
    {
        await using var comparison = await Comparison.CreateAsync(options, cancellationToken);
        var result = await comparison.RunAsync(cancellationToken);
        if (options.Out is { } file)
        {
            await result.WriteAsync(file);
        }

        return result;
    }
}
