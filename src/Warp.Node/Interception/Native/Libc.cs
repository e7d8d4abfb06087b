using System.Runtime.InteropServices;

namespace Warp.Node.Interception.Native;

/// <summary>The two calls of the C library that the framework does not offer.</summary>
internal static partial class Libc
{
    /// <summary>socket(2); -1 with errno on failure.</summary>
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int OpenSocket(int family, int type, int protocol);

    /// <summary>if_indextoname(3): fills a buffer of IFNAMSIZ (16) bytes; zero with errno on failure. Looks in the calling thread's network namespace.</summary>
    [LibraryImport("libc", EntryPoint = "if_indextoname", SetLastError = true)]
    internal static partial nint InterfaceName(uint index, Span<byte> name);
}
