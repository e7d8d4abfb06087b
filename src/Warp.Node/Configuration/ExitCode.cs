namespace Warp.Node.Configuration;

/// <summary>What a <c>warp</c> process ends with. The numbers are a contract with scripts and service managers: they never change their meaning. From 64 on they are those of sysexits.h (https://man.openbsd.org/sysexits), so that a unit file can tell them apart.</summary>
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

    /// <summary>The present state does not allow it, such as a container that is not there yet, or somebody else changed it meanwhile; look at it and try again.</summary>
    Conflict = 7,

    /// <summary><c>warp run</c>: something outside the process is missing or taken, such as a port; a restart is right once that has changed (EX_UNAVAILABLE).</summary>
    Unavailable = 69,

    /// <summary><c>warp run</c>: an unforeseen error ended the process; a restart is right (EX_SOFTWARE).</summary>
    Crashed = 70,

    /// <summary>The system refused what is needed: a file, a permission, a kernel feature (EX_OSERR).</summary>
    System = 71,

    /// <summary>A configuration, data folder or bundle does not allow it; a restart alone will not help (EX_CONFIG).</summary>
    NotConfigured = 78,

    /// <summary>Ended by Ctrl-C, or by a second signal, before it was done (128 + SIGINT).</summary>
    Interrupted = 130,
}
