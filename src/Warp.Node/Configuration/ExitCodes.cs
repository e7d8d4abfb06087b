namespace Warp.Node.Configuration;

/// <summary>
/// What the process says to its service manager. The numbers are those of <c>sysexits.h</c> where one fits
/// (https://man.openbsd.org/sysexits), so that a unit file can name them: a wanted stop is 0, everything else is a reason to look.
/// </summary>
public static class ExitCodes
{
    /// <summary>Done, or stopped because somebody asked for it.</summary>
    public const int Ok = 0;

    /// <summary>The command was understood and refused, or did not succeed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>Something the node needs is missing or taken: a port, the container engine's socket, a tool (EX_UNAVAILABLE).</summary>
    public const int Unavailable = 69;

    /// <summary>A defect of the program; the log has the stack trace (EX_SOFTWARE).</summary>
    public const int Crash = 70;

    /// <summary>The system refused something the node needs: a file, a kernel feature, a permission (EX_OSERR).</summary>
    public const int System = 71;

    /// <summary>A configuration, data folder or bundle is wrong; starting again will not help (EX_CONFIG).</summary>
    public const int Configuration = 78;

    /// <summary>A second signal cut the graceful stop short (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
