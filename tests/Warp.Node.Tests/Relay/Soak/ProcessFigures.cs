using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>What this process holds.</summary>
/// <param name="Managed">Bytes of the managed heap after a full collection.</param>
/// <param name="Native">Bytes that are taken from the C library's heap and not given back.</param>
/// <param name="Resident">Bytes of memory that the kernel has given it.</param>
/// <param name="Descriptors">Open descriptors by what they are, such as <c>socket</c>.</param>
internal sealed partial record ProcessFigures(long Managed, long Native, long Resident, IReadOnlyDictionary<string, int> Descriptors)
{
    internal static ProcessFigures Read()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        var heap = HeapState();
        var pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture);
        return new ProcessFigures(GC.GetTotalMemory(forceFullCollection: false), (long)(heap.InUse + heap.Mapped), pages * Environment.SystemPageSize, ReadDescriptors());
    }

    /// <summary>Descriptors that are there now and were not before, by what they are; fewer than before are no matter.</summary>
    internal static IEnumerable<string> Added(ProcessFigures before, ProcessFigures now) =>
        now.Descriptors.Where(d => d.Value > before.Descriptors.GetValueOrDefault(d.Key)).Select(d => $"{d.Value - before.Descriptors.GetValueOrDefault(d.Key)} more of {d.Key}");

    public override string ToString() =>
        $"managed {Managed / 1e6:0.0} MB, native {Native / 1e6:0.0} MB, resident {Resident / 1e6:0.0} MB, descriptors {string.Join(", ", Descriptors.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Value} {d.Key}"))}";

    // socket:[123] counts as socket, anon_inode:[eventpoll] and paths as they are. Code that the runtime loads, and the listing itself, are not counted.
    private static Dictionary<string, int> ReadDescriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Select(link => Path.GetFileName(TargetOf(link)))
        .Where(name => name is not "fd" && Path.GetExtension(name) is not (".dll" or ".pdb"))
        .GroupBy(name => name.StartsWith("anon_inode", StringComparison.Ordinal) ? name : name.Split(":[")[0], StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    private static string TargetOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.ToString() ?? "fd";
        }
        catch (FileNotFoundException)
        {
            // Closed since it was listed.
            return "fd";
        }
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial HeapInfo HeapState();

    // struct mallinfo2 of malloc.h: ten numbers, of which two are wanted.
    [StructLayout(LayoutKind.Sequential)]
    private struct HeapInfo
    {
        internal nuint Arena;
        internal nuint FreeChunks;
        internal nuint FreeFast;
        internal nuint Maps;
        internal nuint Mapped;
        internal nuint Unused;
        internal nuint FreeFastBytes;
        internal nuint InUse;
        internal nuint Free;
        internal nuint Releasable;
    }
}
