using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Warp.Node.Images.Context.Native;

/// <summary>Tells regular files from pipes and sockets, which the framework reports as empty files and whose opening would wait for a writer.</summary>
internal static partial class FileKind
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint TypeWanted = 0x1;
    private const int ModeOffset = 28;
    private const int StatxSize = 256;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Whether it is there and a regular file.</summary>
    public static bool IsRegular(string path)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        return Statx(CurrentFolder, path, NoFollow, TypeWanted, status) == 0
            && (BinaryPrimitives.ReadUInt16LittleEndian(status[ModeOffset..]) & TypeMask) == Regular;
    }

    /// <summary>statx(2), whose structure is the same on every architecture; -1 on failure.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);
}
