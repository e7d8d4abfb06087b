using Warp.Node.Cli;
using Warp.Node.Configuration;

namespace Warp.Node.Tests.Cli;

/// <summary>What a command line did.</summary>
internal sealed record WarpResult(ExitCode Code, string Out, string Error)
{
    /// <summary>Runs one in this process, as a script would: its output goes to a file.</summary>
    public static async Task<WarpResult> RunAsync(params string[] args)
    {
        using var @out = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(args, new CommandOutput(@out, error, redirected: true));
        return new WarpResult((ExitCode)code, @out.ToString(), error.ToString());
    }
}
