using Warp.Cluster.Specs;

namespace Warp.Cluster.Containers;

/// <summary>Why a container does not run, for a person, with the next step.</summary>
internal static class ContainerCause
{
    /// <summary>It is not there any more, and nobody of ours removed it.</summary>
    public const string Vanished = "its container was removed by someone else; it is made anew";

    private const int CannotExecute = 126;
    private const int CommandNotFound = 127;
    private const int Signalled = 128;

    /// <summary>The container ended. Exit codes above 128 are signals, 126 and 127 come from the shell or the engine (POSIX, Shell Command Language 2.8.2).</summary>
    public static string OfEnd(ObservedContainer ended)
    {
        var logs = $"see 'warp logs {ended.Instance.Deployment}/{ended.Instance.Service}'";
        return (ended.OutOfMemory, ended.ExitCode) switch
        {
            (true, var code) => $"the kernel killed it for memory (exit code {code}): let it use less, or give the runner more",
            (_, null) => $"it does not run, and the engine does not say why; {logs}",
            (_, 0) => $"it ended by itself (exit code 0); {logs}",
            (_, CannotExecute) => $"its command cannot be executed (exit code {CannotExecute}): check the file's mode and the image's platform",
            (_, CommandNotFound) => $"its command was not found in the image (exit code {CommandNotFound}): check 'args' and the image's CMD",
            (_, > Signalled and var code) => $"it was killed by signal {code - Signalled} (exit code {code}); {logs}",
            (_, var code) => $"it ended with exit code {code}; {logs}",
        };
    }

    /// <summary>The engine did not do it.</summary>
    public static string OfFailure(RuntimeFailure failure, ServiceSpec spec) => failure.Kind switch
    {
        RuntimeFailureKind.ImageUnavailable => $"the image '{spec.Image}' cannot be pulled: {failure.Message}",
        RuntimeFailureKind.EngineUnavailable => $"waiting for the container engine: {failure.Message}",
        _ => failure.Message,
    };
}
