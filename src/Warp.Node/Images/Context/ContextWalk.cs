using System.Collections.Immutable;
using System.Formats.Tar;
using Warp.Node.Configuration;
using Warp.Node.Images.Context.Native;

namespace Warp.Node.Images.Context;

/// <summary>Looks through a folder for what belongs into the build context. Sockets, pipes and devices are passed over; symbolic links are never followed.</summary>
/// <param name="root">Full path of the folder.</param>
/// <param name="wanted">Whether a file or link is sent.</param>
/// <param name="entered">Whether a folder is looked into; one that is left out may still hold something that is not.</param>
/// <param name="kept">Whether a folder is sent even when it is empty.</param>
internal sealed class ContextWalk(string root, Func<string, bool> wanted, Func<string, bool> entered, Func<string, bool> kept)
{
    private const UnixFileMode LinkMode = (UnixFileMode)0b111_111_111;
    private readonly List<ContextEntry> _found = [];

    /// <summary>Everything, by path (ordinal), a folder before what is in it.</summary>
    /// <exception cref="OperatorException">A folder cannot be listed.</exception>
    public ImmutableArray<ContextEntry> Run()
    {
        Enter(new DirectoryInfo(root), "");
        return [.. _found.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    /// <summary>The entry of one file, wherever it lies.</summary>
    /// <param name="path">Its path in the archive.</param>
    /// <param name="file">The file.</param>
    public static ContextEntry FileEntry(string path, FileInfo file) =>
        new(path, file.FullName, TarEntryType.RegularFile, file.Length, file.UnixFileMode, Modified(file), null);

    /// <returns>Whether anything in it is sent.</returns>
    private bool Enter(DirectoryInfo folder, string prefix)
    {
        var any = false;
        foreach (var item in List(folder))
        {
            var path = prefix + item.Name;
            if (item.LinkTarget is { } target)
            {
                any |= Add(wanted(path), () => new ContextEntry(path, item.FullName, TarEntryType.SymbolicLink, 0, LinkMode, Modified(item), target));
            }
            else if (item is DirectoryInfo inner)
            {
                var holds = entered(path) && Enter(inner, path + "/");
                any |= Add(holds || kept(path), () => new ContextEntry(path, inner.FullName, TarEntryType.Directory, 0, inner.UnixFileMode, Modified(inner), null));
            }
            else if (item is FileInfo file && IsRegular(file))
            {
                any |= Add(wanted(path), () => FileEntry(path, file));
            }
        }

        return any;
    }

    private bool Add(bool isWanted, Func<ContextEntry> make)
    {
        if (isWanted)
        {
            _found.Add(make());
        }

        return isWanted;
    }

    private static FileSystemInfo[] List(DirectoryInfo folder)
    {
        try
        {
            return folder.GetFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, ReturnSpecialDirectories = false });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(
                ExitCode.Usage, $"The folder {folder.FullName} of the build context cannot be listed: {failure.Message} Make it readable, or leave it out by a line in {IgnoreRules.FileName}.", failure);
        }
    }

    private static DateTimeOffset Modified(FileSystemInfo item) => new(item.LastWriteTimeUtc);

    private static bool IsRegular(FileInfo file) => file.Length > 0 || FileKind.IsRegular(file.FullName);
}
