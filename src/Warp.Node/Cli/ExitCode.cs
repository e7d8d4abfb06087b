namespace Warp.Node.Cli;

/// <summary>What a <c>warp</c> process ends with. The numbers are a contract with scripts and service managers: they never change their meaning.</summary>
public enum ExitCode
{
    /// <summary>Done as asked; for <c>warp run</c>: a wanted stop (SIGTERM, SIGINT).</summary>
    Ok = 0,

    /// <summary>It was tried and did not succeed; the cause is on standard error.</summary>
    Failed = 1,

    /// <summary>The command line or a file named on it is wrong; nothing was tried.</summary>
    Usage = 2,

    /// <summary>What was named does not exist.</summary>
    NotFound = 3,

    /// <summary>No node answers where the command line says.</summary>
    Unreachable = 4,

    /// <summary>The node or the cluster refuses this caller.</summary>
    Forbidden = 5,

    /// <summary>The time given on the command line was over before the goal was reached.</summary>
    TimedOut = 6,

    /// <summary><c>warp run</c>: the configuration or the data folder does not allow a start; a restart alone will not help.</summary>
    NotConfigured = 10,

    /// <summary><c>warp run</c>: an unforeseen error ended the process; a restart is right.</summary>
    Crashed = 11,

    /// <summary>Ended by Ctrl-C before it was done (128 + SIGINT).</summary>
    Interrupted = 130,
}
