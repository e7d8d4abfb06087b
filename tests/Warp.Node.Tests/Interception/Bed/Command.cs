using System.ComponentModel;
using System.Diagnostics;

namespace Warp.Node.Tests.Interception.Bed;

/// <summary>Runs a program of the host; a test that cannot have it fails and says what to install.</summary>
internal static class Command
{
    public static string Run(string program, string[] arguments, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' failed (these tests need root): {error.GetAwaiter().GetResult()}");
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"'{program}' is needed by this test: apt-get install iproute2 nftables", exception);
        }
    }
}
