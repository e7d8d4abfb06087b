using System.Globalization;
using System.Runtime.InteropServices;

namespace Warp.Bench.Compare;

/// <summary>All processes of the machine at one moment (proc(5)): who is whose child, and the processor time of each.</summary>
internal sealed partial class ProcessTable
{
    private const double TicksPerSecond = 100;
    private const int SignalTerminate = 15;
    private const int SignalKill = 9;
    private readonly Dictionary<int, (int Parent, long Ticks)> _processes = [];

    /// <summary>Looks at all of them.</summary>
    internal static ProcessTable Read()
    {
        var table = new ProcessTable();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Fields(pid) is { } fields)
            {
                // Fields 4 and 14 to 17: parent; user and system time, its own and that of the children it has waited for.
                var ticks = fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
                table._processes[pid] = (int.Parse(fields[1], CultureInfo.InvariantCulture), ticks);
            }
        }

        return table;
    }

    /// <summary>These processes and their descendants, as far as they live.</summary>
    internal IReadOnlyCollection<int> Tree(IEnumerable<int> roots)
    {
        var children = _processes.ToLookup(entry => entry.Value.Parent, entry => entry.Key);
        var found = new HashSet<int>();
        var rest = new Stack<int>(roots.Where(_processes.ContainsKey));
        while (rest.TryPop(out var pid))
        {
            if (found.Add(pid))
            {
                foreach (var child in children[pid])
                {
                    rest.Push(child);
                }
            }
        }

        return found;
    }

    /// <summary>The processor seconds that these processes and their descendants have used.</summary>
    internal double CpuSeconds(IEnumerable<int> roots) => Tree(roots).Sum(pid => _processes[pid].Ticks) / TicksPerSecond;

    /// <summary>The memory of these processes and their descendants in kB; what is shared counts for each by its part (PSS).</summary>
    internal long ProportionalKilobytes(IEnumerable<int> roots) => Tree(roots).Sum(ProportionalKilobytes);

    internal static void Terminate(int pid) => _ = Signal(pid, SignalTerminate);

    internal static void Kill(int pid) => _ = Signal(pid, SignalKill);

    private static long ProportionalKilobytes(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/smaps_rollup").FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line["Pss:".Length..^"kB".Length], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    // From field 3 on: the name before it may hold anything.
    private static string[]? Fields(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int pid, int signal);
}
