using System.Runtime.InteropServices;

namespace Warp.Bench.Scale;

/// <summary>How many files a process may have open (man 2 setrlimit); the processes that it starts inherit it.</summary>
internal static unsafe partial class OpenFiles
{
    private const int NumberOfFiles = 7;
    private const string Library = "libc";

    /// <summary>Raises the limit as far as it may be raised: above the hard one that takes CAP_SYS_RESOURCE.</summary>
    /// <returns>The limit in force.</returns>
    internal static int Raise(int wanted)
    {
        var limit = stackalloc ulong[2];
        (limit[0], limit[1]) = ((ulong)wanted, (ulong)wanted);
        if (Set(NumberOfFiles, limit) != 0 && Get(NumberOfFiles, limit) == 0)
        {
            limit[0] = limit[1];
            _ = Set(NumberOfFiles, limit);
        }

        return (int)Math.Min(limit[0], int.MaxValue);
    }

    [LibraryImport(Library, EntryPoint = "setrlimit")]
    private static partial int Set(int resource, ulong* limit);

    [LibraryImport(Library, EntryPoint = "getrlimit")]
    private static partial int Get(int resource, ulong* limit);
}
