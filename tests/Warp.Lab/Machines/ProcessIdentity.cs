using System.Globalization;

namespace Warp.Lab.Machines;

/// <summary>A process that cannot be mistaken for a later one with the same number: its id with its start time.</summary>
/// <param name="Pid">As this process sees it.</param>
/// <param name="StartTicks">Field 22 of <c>/proc/PID/stat</c> (proc(5)): clock ticks from boot to its start.</param>
public sealed record ProcessIdentity(int Pid, long StartTicks)
{
    /// <summary>Whether exactly this process still runs; one that has ended and only waits for its parent to notice does not.</summary>
    public bool IsAlive => Of(Pid) == this;

    /// <summary>The process that has this id now; null when there is none.</summary>
    public static ProcessIdentity? Of(int pid) => Fields(pid) is { } fields && fields[0] is not ("Z" or "X")
        ? new ProcessIdentity(pid, long.Parse(fields[22 - 3], CultureInfo.InvariantCulture))
        : null;

    /// <summary>Whether a process stands still after a SIGSTOP.</summary>
    public static bool StandsStill(int pid) => Fields(pid) is ["T", ..];

    /// <summary>The only child of a process; null while it has none.</summary>
    public static int? ChildOf(int pid)
    {
        try
        {
            var children = File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children is [var only] ? int.Parse(only, CultureInfo.InvariantCulture) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // What stands in /proc/PID/stat from the state (the third field) on; null when there is no such process.
    private static string[]? Fields(int pid)
    {
        try
        {
            // The name in parentheses may hold anything, so the fields are counted from its end.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
