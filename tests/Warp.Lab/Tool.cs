using System.ComponentModel;
using System.Diagnostics;

namespace Warp.Lab;

/// <summary>Runs programs of the host to their end.</summary>
public static class Tool
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Runs a program and collects what it says.</summary>
    /// <param name="command">Program and arguments; no shell is involved.</param>
    /// <param name="timeout">After which it is killed; two minutes when not given.</param>
    /// <param name="input">Its standard input; empty when not given.</param>
    /// <exception cref="LabException">It is not installed, or it did not end in time.</exception>
    public static async Task<ToolResult> RunAsync(IReadOnlyList<string> command, TimeSpan? timeout = null, string? input = null)
    {
        var line = string.Join(' ', command);
        using var process = Start(command, line);
        using var deadline = new CancellationTokenSource(timeout ?? DefaultTimeout);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await WriteInputAsync(process, input);
            await process.WaitForExitAsync(deadline.Token);
            return new ToolResult(line, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new LabException($"'{line}' did not end within {timeout ?? DefaultTimeout}", e);
        }
    }

    private static Process Start(IReadOnlyList<string> command, string line)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new LabException($"'{line}' cannot be started: {e.Message}. The lab needs root and the packages that test.sh installs", e);
        }
    }

    private static async Task WriteInputAsync(Process process, string? input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code tells the rest.
        }
    }
}
