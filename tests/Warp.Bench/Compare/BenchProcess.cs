using System.ComponentModel;
using System.Diagnostics;

namespace Warp.Bench.Compare;

/// <summary>A process that runs until it is ended, with its children. What it says last is kept for messages.</summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    private const int KeptLines = 10;
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(3);
    private readonly Process _process;
    private readonly Queue<string> _said = new();

    private BenchProcess(Process process) => _process = process;

    internal int Pid => _process.Id;

    internal bool IsAlive => !_process.HasExited;

    /// <summary>The last lines of its output.</summary>
    internal string Said
    {
        get
        {
            lock (_said)
            {
                return string.Join(" | ", _said);
            }
        }
    }

    /// <summary>Starts a command with an empty input.</summary>
    internal static BenchProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var started = new BenchProcess(Launch(command, environment));
        started._process.OutputDataReceived += started.Keep;
        started._process.ErrorDataReceived += started.Keep;
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        started._process.StandardInput.Close();
        return started;
    }

    /// <summary>Starts a command with all of its streams redirected.</summary>
    internal static Process Launch(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            info.Environment[name] = value;
        }

        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception failure)
        {
            throw new BenchException($"'{string.Join(' ', command)}' cannot be started: {failure.Message}", failure);
        }
    }

    /// <summary>Asks it and its children to end, by their ids; those that do not are killed.</summary>
    public async ValueTask DisposeAsync()
    {
        var tree = ProcessTable.Read().Tree([Pid]);
        foreach (var pid in tree.Where(pid => pid != Pid))
        {
            ProcessTable.Terminate(pid);
        }

        // The one that was started only waits for the others, unless it has none.
        if (tree.Count <= 1)
        {
            ProcessTable.Terminate(Pid);
        }

        using var deadline = new CancellationTokenSource(EndTime);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            foreach (var pid in ProcessTable.Read().Tree([Pid]))
            {
                ProcessTable.Kill(pid);
            }

            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (!string.IsNullOrWhiteSpace(line.Data))
        {
            lock (_said)
            {
                _said.Enqueue(line.Data.Trim());
                while (_said.Count > KeptLines)
                {
                    _said.Dequeue();
                }
            }
        }
    }
}
