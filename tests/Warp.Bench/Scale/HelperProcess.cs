using System.Diagnostics;
using System.Globalization;
using Warp.Bench.Compare;

namespace Warp.Bench.Scale;

/// <summary>This program once more, in another part; it ends when its standard input does.</summary>
internal sealed class HelperProcess : IDisposable
{
    private readonly Process _process;

    private HelperProcess(Process process) => _process = process;

    /// <summary>Proportional set size: memory of the process, with its share of what several have mapped, in bytes.</summary>
    internal long ProportionalMemory
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/smaps_rollup").Single(l => l.StartsWith("Pss:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It says what is wrong.</exception>
    internal static HelperProcess Start(params IEnumerable<string> arguments) => Launch(Command.Self(["scale", .. arguments]));

    /// <summary>The same inside a host of the bench.</summary>
    internal static HelperProcess StartIn(BenchHost host, params IEnumerable<string> arguments) => Launch(host.Enter(Command.Self(["scale", .. arguments])));

    private static HelperProcess Launch(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var helper = new HelperProcess(Process.Start(start)!);
        var answer = helper._process.StandardOutput.ReadLine();
        if (answer is "ready")
        {
            return helper;
        }

        helper.Dispose();
        throw new InvalidOperationException(answer ?? "a helper process ended at once");
    }

    /// <summary>Gives a command whose answer is a number.</summary>
    internal long Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        return long.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("a helper process has ended"), CultureInfo.InvariantCulture);
    }

    /// <summary>Processor time that it has used so far.</summary>
    internal TimeSpan Cpu => TimeSpan.FromMicroseconds(Ask("cpu"));

    /// <summary>Ends it with SIGKILL.</summary>
    internal void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
