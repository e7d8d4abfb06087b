using System.Runtime.InteropServices;
using System.Text;

namespace Warp.Node.Interception.Native;

/// <summary>The calls of the C library that the framework does not offer.</summary>
internal static partial class Libc
{
    /// <summary>socket(2); -1 with errno on failure.</summary>
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int OpenSocket(int family, int type, int protocol);

    /// <summary>geteuid(2); cannot fail.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    /// <summary>The name of a network interface of the calling thread's network namespace; null when there is none with that index.</summary>
    internal static string? InterfaceName(uint index)
    {
        Span<byte> name = stackalloc byte[16];
        return InterfaceName(index, name) == 0 ? null : Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]);
    }

    /// <summary>if_indextoname(3): fills a buffer of IFNAMSIZ (16) bytes; null with errno on failure.</summary>
    [LibraryImport("libc", EntryPoint = "if_indextoname", SetLastError = true)]
    private static partial nint InterfaceName(uint index, Span<byte> name);
}
