using System.Diagnostics;
using Shouldly;

namespace Warp.Node.Tests.Metrics;

/// <summary>Prometheus' own checker, of the Debian package <c>prometheus</c>.</summary>
internal static class PromTool
{
    /// <summary>Runs it; what it complains of fails the test.</summary>
    public static async Task CheckAsync(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var tool = Process.Start(start).ShouldNotBeNull("scripts/install-tools.sh installs promtool");
        var (output, error) = (tool.StandardOutput.ReadToEndAsync(), tool.StandardError.ReadToEndAsync());
        await tool.StandardInput.WriteAsync(input);
        tool.StandardInput.Close();
        await tool.WaitForExitAsync();
        tool.ExitCode.ShouldBe(0, await output + await error);
        (await error).ShouldBeEmpty();
    }
}
