using System.Collections.Immutable;
using System.Formats.Tar;
using Warp.Node.Configuration;

namespace Warp.Node.Images.Context;

/// <summary>
/// The files of a folder that an image is built from, and their way as one archive to the engine. A <c>.dockerignore</c> always counts; without one and without an
/// <c>exclude</c>, <c>.git</c> is left out. The Dockerfile and the <c>.dockerignore</c> are always sent.
/// </summary>
public sealed class BuildContext
{
    /// <summary>The Dockerfile's name when nobody names another.</summary>
    public const string DefaultDockerfile = "Dockerfile";

    private const string OutsideName = ".warp.Dockerfile";
    private readonly ImmutableArray<ContextEntry> _entries;

    private BuildContext(string folder, string dockerfile, ImmutableArray<ContextEntry> entries)
    {
        (Folder, Dockerfile, _entries) = (folder, dockerfile, entries);
        TotalBytes = entries.Sum(entry => entry.Size);
        FileCount = entries.Count(entry => entry.Type != TarEntryType.Directory);
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Where the Dockerfile is in the archive: relative, with '/'.</summary>
    public string Dockerfile { get; }

    /// <summary>Bytes of content of all files together; the archive is a little larger.</summary>
    public long TotalBytes { get; }

    /// <summary>Files and symbolic links that are sent.</summary>
    public int FileCount { get; }

    /// <summary>Looks through the folder; nothing is read yet but names, sizes and the <c>.dockerignore</c>.</summary>
    /// <param name="folder">The context.</param>
    /// <param name="dockerfile">The Dockerfile, relative to the folder or absolute; it may lie outside of it. Null: <see cref="DefaultDockerfile"/>.</param>
    /// <param name="include">Given a path relative to the folder, with '/': whether the file may be sent. Null: every file.</param>
    /// <param name="exclude">Likewise: whether the file, or the folder with all that is in it, is left out. Null: none.</param>
    /// <exception cref="OperatorException">There is no such folder or Dockerfile, or a folder in it cannot be listed.</exception>
    public static BuildContext Open(string folder, string? dockerfile = null, Func<string, bool>? include = null, Func<string, bool>? exclude = null)
    {
        var root = Path.GetFullPath(folder);
        if (!Directory.Exists(root))
        {
            throw new OperatorException(ExitCode.NotFound, $"The build context {root} is not a folder. Name one that exists in 'build.context'.");
        }

        var recipe = new FileInfo(Path.GetFullPath(dockerfile ?? DefaultDockerfile, root));
        if (!recipe.Exists)
        {
            throw new OperatorException(ExitCode.NotFound, $"There is no Dockerfile {recipe.FullName}. Write one, or name the one to use in 'build.dockerfile'.");
        }

        var rules = IgnoreRules.Load(root, recipe.FullName) ?? (exclude is null ? IgnoreRules.Default : IgnoreRules.None);
        var relative = Path.GetRelativePath(root, recipe.FullName);
        var inside = !relative.StartsWith("..", StringComparison.Ordinal);
        var entries = Walk(root, rules, inside ? relative : null, include, exclude);
        return inside
            ? new BuildContext(root, relative, entries)
            : new BuildContext(root, OutsideName, entries.Add(ContextWalk.FileEntry(OutsideName, recipe)));
    }

    /// <summary>Writes everything as one tar archive (GNU format), sorted by path, owned by root; it is never buffered as a whole. May be called again.</summary>
    /// <param name="destination">Where to; stays open.</param>
    /// <param name="progress">Receives how many bytes of <see cref="TotalBytes"/> are written, from time to time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperatorException">A file cannot be read, has vanished, or became shorter while it was read; the message names it.</exception>
    public async Task WriteToAsync(Stream destination, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var written = new ByteCount(progress);
        var writer = new TarWriter(destination, TarEntryFormat.Gnu, leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var entry in _entries)
            {
                await WriteAsync(writer, entry, written, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static ImmutableArray<ContextEntry> Walk(string root, IgnoreRules rules, string? dockerfile, Func<string, bool>? include, Func<string, bool>? exclude)
    {
        bool IsNeeded(string path) => string.Equals(path, dockerfile, StringComparison.Ordinal) || string.Equals(path, IgnoreRules.FileName, StringComparison.Ordinal);
        bool LeadsToDockerfile(string path) => dockerfile is not null && dockerfile.StartsWith(path + "/", StringComparison.Ordinal);
        bool IsDropped(string path) => exclude?.Invoke(path) ?? false;

        return new ContextWalk(
            root,
            wanted: path => IsNeeded(path) || (!rules.Ignores(path) && !IsInDropped(path, IsDropped) && (include?.Invoke(path) ?? true)),
            entered: path => LeadsToDockerfile(path) || (!IsDropped(path) && (!rules.Ignores(path) || rules.MayKeepInside(path))),
            kept: path => !rules.Ignores(path) && !IsInDropped(path, IsDropped) && include is null).Run();
    }

    // A folder that is left out may have been entered only because the Dockerfile lies in it.
    private static bool IsInDropped(string path, Func<string, bool> isDropped)
    {
        for (var end = path.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.IndexOf('/', end + 1))
        {
            if (isDropped(path[..end]))
            {
                return true;
            }
        }

        return isDropped(path);
    }

    private static async Task WriteAsync(TarWriter writer, ContextEntry entry, ByteCount written, CancellationToken cancellationToken)
    {
        var header = new GnuTarEntry(entry.Type, entry.Type == TarEntryType.Directory ? entry.Path + "/" : entry.Path) { Mode = entry.Mode, ModificationTime = entry.Modified };
        if (entry.Type != TarEntryType.RegularFile)
        {
            if (entry.Target is { } target)
            {
                header.LinkName = target;
            }

            await writer.WriteEntryAsync(header, cancellationToken).ConfigureAwait(false);
            return;
        }

        var content = new ContextFile(entry, written);
        await using (content.ConfigureAwait(false))
        {
            header.DataStream = content;
            await writer.WriteEntryAsync(header, cancellationToken).ConfigureAwait(false);
        }
    }
}
