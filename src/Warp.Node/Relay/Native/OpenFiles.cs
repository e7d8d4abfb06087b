using System.Runtime.InteropServices;

namespace Warp.Node.Relay.Native;

/// <summary>How many files and sockets this process may have open.</summary>
internal static partial class OpenFiles
{
    private const int NumberOfFiles = 7;
    private const int Unknown = 1024;

    /// <summary>The limit in force; the runtime has raised it as far as it may.</summary>
    internal static int Limit() => GetLimit(NumberOfFiles, out var limit) == 0 ? (int)Math.Min(limit.Current, int.MaxValue) : Unknown;

    /// <summary>getrlimit(2).</summary>
    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        public readonly ulong Current;
        public readonly ulong Greatest;
    }
}
