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
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            // The name in parentheses may hold anything, so the fields are counted from its end.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new ProcessIdentity(pid, long.Parse(fields[22 - 3], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

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
}
