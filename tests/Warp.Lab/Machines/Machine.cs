using System.Diagnostics;
using System.Globalization;

namespace Warp.Lab.Machines;

/// <summary>
/// A machine of the lab: its own network, mount, PID and UTS namespaces around one first process, and its own <c>/run</c>; the file system is shared otherwise.
/// The first process holds a pipe from the lab's process, so the machine cannot outlive the lab.
/// </summary>
public sealed class Machine : IAsyncDisposable
{
    private readonly Process _holder;

    private Machine(string name, string folder, Process holder, ProcessIdentity init) => (Name, Folder, _holder, Init) = (name, folder, holder, init);

    /// <summary>Its name in the lab, also its host name.</summary>
    public string Name { get; }

    /// <summary>Its folder on the disk; <c>run</c> in it is its <c>/run</c>.</summary>
    public string Folder { get; }

    /// <summary>Its process 1, as the host sees it.</summary>
    public ProcessIdentity Init { get; }

    /// <summary>Its <c>/run</c> as the host sees it.</summary>
    public string RunFolder => Path.Combine(Folder, "run");

    /// <summary>Starts a machine without any network but loopback.</summary>
    public static async Task<Machine> StartAsync(string name, string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "run"));
        var info = new ProcessStartInfo(
            "setsid",
            [
                "unshare", "--mount", "--net", "--pid", "--uts", "--fork", "--mount-proc", "--kill-child",
                "bash", Path.Combine(AppContext.BaseDirectory, "Machines/machine-init.sh"), Path.Combine(folder, "run"), name,
            ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var holder = Process.Start(info)!;
        var answer = await holder.StandardOutput.ReadLineAsync();
        if (answer is not "ready" || ProcessIdentity.ChildOf(holder.Id) is not { } pid || ProcessIdentity.Of(pid) is not { } init)
        {
            var error = await holder.StandardError.ReadToEndAsync();
            throw new LabException($"the machine {name} did not start (are you root?): {error.Trim()}");
        }

        return new Machine(name, folder, holder, init);
    }

    /// <summary>The prefix that runs a command inside.</summary>
    public IReadOnlyList<string> Enter() =>
        ["setsid", "nsenter", "--target", Init.Pid.ToString(CultureInfo.InvariantCulture), "--mount", "--net", "--pid", "--uts"];

    /// <summary>Runs a command inside to its end.</summary>
    /// <param name="command">Program and arguments, with full paths of files: the working folder is <c>/</c>.</param>
    /// <param name="timeout">After which it is killed; two minutes when not given.</param>
    /// <param name="input">Its standard input.</param>
    public Task<ToolResult> RunAsync(IReadOnlyList<string> command, TimeSpan? timeout = null, string? input = null) =>
        Tool.RunAsync([.. Enter(), .. command], timeout, input);

    /// <summary>Runs a command inside to its end on this process's terminal.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunOnTerminalAsync(params IReadOnlyList<string> command)
    {
        // Without setsid: the command keeps the terminal.
        string[] line = [.. Enter().Skip(1), .. command];
        using var process = Process.Start(new ProcessStartInfo(line[0], line.Skip(1)))!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Starts a command inside that goes on; both of its outputs are appended to a log file.</summary>
    public Task<MachineProcess> StartAsync(string logFile, params IReadOnlyList<string> command) => MachineProcess.StartAsync(this, logFile, command);

    /// <summary>Ends the machine with everything in it, at once.</summary>
    public async ValueTask DisposeAsync()
    {
        // The holder takes its child along (--kill-child), and the child is the machine's process 1.
        _holder.Kill();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
        await Poll.UntilAsync($"end of the machine {Name}", TimeSpan.FromSeconds(10), () => Task.FromResult(!Init.IsAlive));
    }
}
