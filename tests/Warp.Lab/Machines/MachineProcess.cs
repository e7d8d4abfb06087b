using System.Diagnostics;
using System.Globalization;

namespace Warp.Lab.Machines;

/// <summary>A long-running program inside a machine.</summary>
public sealed class MachineProcess : IDisposable
{
    // The shell replaces itself, so the program keeps the id; its own redirection spares a copying task per process.
    private const string Redirect = "exec >>\"$0\" 2>&1 </dev/null; exec \"$@\"";
    private readonly Process _enter;

    private MachineProcess(Process enter, ProcessIdentity identity, string logFile) => (_enter, Identity, LogFile) = (enter, identity, logFile);

    /// <summary>The program's process as the host sees it.</summary>
    public ProcessIdentity Identity { get; }

    /// <summary>Where its outputs go.</summary>
    public string LogFile { get; }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => !_enter.HasExited;

    /// <summary>Its exit code, 128 + n after signal n; meaningful once it does not run.</summary>
    public int ExitCode => _enter.ExitCode;

    /// <summary>Starts it.</summary>
    internal static async Task<MachineProcess> StartAsync(Machine machine, string logFile, IReadOnlyList<string> command)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(logFile)!);
        string[] line = [.. machine.Enter(), "sh", "-c", Redirect, logFile, .. command];
        var enter = Process.Start(new ProcessStartInfo(line[0], line.Skip(1)))!;
        var identity = await Poll.UntilAsync(
            $"start of {command[0]} on {machine.Name}",
            TimeSpan.FromSeconds(20),
            () => Task.FromResult(ProcessIdentity.ChildOf(enter.Id) is { } pid ? ProcessIdentity.Of(pid) : null));
        return new MachineProcess(enter, identity, logFile);
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <exception cref="LabException">It did not end in time.</exception>
    public Task<int> TerminateAsync(TimeSpan timeout) => SignalAsync("TERM", timeout);

    /// <summary>Sends SIGKILL and waits for the end.</summary>
    public Task<int> KillAsync() => SignalAsync("KILL", TimeSpan.FromSeconds(10));

    /// <summary>Takes its processors away: it stands still and holds what it holds (SIGSTOP).</summary>
    public async Task FreezeAsync()
    {
        await SendAsync("STOP", Pid);
        await Poll.UntilAsync($"process {Pid} stands still", TimeSpan.FromSeconds(10), () => Task.FromResult(ProcessIdentity.StandsStill(Identity.Pid) && ProcessIdentity.StandsStill(_enter.Id)));
    }

    /// <summary>
    /// Lets it go on (SIGCONT), and what started it as well: nsenter(1) stands still together with its child. Left like that, it would never take note of its child's end, and the machine could not end.
    /// </summary>
    public Task ThawAsync() => SendAsync("CONT", Pid, _enter.Id.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void Dispose() => _enter.Dispose();

    private string Pid => Identity.Pid.ToString(CultureInfo.InvariantCulture);

    private static async Task SendAsync(string signal, params string[] processes) => (await Tool.RunAsync(["kill", "-s", signal, .. processes])).Ensure();

    private async Task<int> SignalAsync(string signal, TimeSpan timeout)
    {
        if (Identity.IsAlive)
        {
            // It may end by itself in this very moment: only its end counts.
            await Tool.RunAsync(["kill", "-s", signal, Pid]);
        }

        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await _enter.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new LabException($"process {Identity.Pid} did not end within {timeout.TotalSeconds:0} s after SIG{signal}; its log: {LogFile}", e);
        }

        return _enter.ExitCode;
    }
}
