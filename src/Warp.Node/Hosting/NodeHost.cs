using Warp.Node.Configuration;

namespace Warp.Node.Hosting;

/// <summary>The node process: what <c>warp run</c> starts.</summary>
public static class NodeHost
{
    /// <summary>Runs the node until it is told to stop by a signal.</summary>
    /// <param name="sources">Where the settings come from.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    /// <exception cref="OperatorException">The node cannot start; the message says why.</exception>
    public static Task<ExitCode> RunAsync(SettingsSources sources)
    {
        _ = SettingsLoader.Load(sources);
        return Task.FromResult(ExitCode.Ok);
    }
}
