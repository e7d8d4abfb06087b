using System.Formats.Tar;

namespace Warp.Node.Images.Context;

/// <summary>One file, folder or symbolic link of a build context.</summary>
/// <param name="Path">In the archive: relative, with '/'.</param>
/// <param name="Source">Full path on this machine.</param>
/// <param name="Type">Regular file, directory or symbolic link.</param>
/// <param name="Size">Bytes of content; 0 for anything but a file.</param>
/// <param name="Mode">Its permissions.</param>
/// <param name="Modified">When its content last changed.</param>
/// <param name="Target">Where a symbolic link points, as it is written there; else null.</param>
internal sealed record ContextEntry(string Path, string Source, TarEntryType Type, long Size, UnixFileMode Mode, DateTimeOffset Modified, string? Target);
