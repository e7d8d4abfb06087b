using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http.Auditing;

/// <summary>Lines of JSON in a file that is put aside when it is large, and read back over all that were put aside.</summary>
/// <param name="path">The file that is written; the others have a number behind the name, the newest 1.</param>
/// <param name="settings">How large and how many.</param>
internal sealed class AuditFile(string path, AuditSettings settings)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Lock _turn = new();

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Writes one line; all of it or nothing.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_turn)
        {
            if (File.Exists(path) && new FileInfo(path).Length + line.Length > settings.MaxFileBytes)
            {
                PutAside();
            }

            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                UnixCreateMode = OwnerOnly,
            });
            var end = file.Seek(0, SeekOrigin.End);
            try
            {
                file.Write(line);
            }
            catch (IOException) when (file.Length > end)
            {
                // Part of a line would spoil the next one.
                file.SetLength(end);
                throw;
            }
        }
    }

    /// <summary>The newest entries, the oldest of them first; a line that cannot be read is left out.</summary>
    /// <param name="since">None before this time; null for all.</param>
    /// <param name="most">At most so many.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ImmutableArray<AuditEntryDocument> Read(DateTimeOffset? since, int most)
    {
        var found = ImmutableArray<AuditEntryDocument>.Empty;
        for (var number = 0; number < settings.Files && found.Length < most; number++)
        {
            var (entries, reachesBack) = ReadOne(number, since, most - found.Length);
            found = found.InsertRange(0, entries);
            if (reachesBack)
            {
                break;
            }
        }

        return found;
    }

    private (IEnumerable<AuditEntryDocument> Entries, bool ReachesBack) ReadOne(int number, DateTimeOffset? since, int most)
    {
        var newest = new Queue<AuditEntryDocument>();
        var reachesBack = false;
        try
        {
            using var file = new StreamReader(new FileStream(Numbered(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            while (file.ReadLine() is { } line)
            {
                if (Parse(line) is not { } entry)
                {
                    continue;
                }

                if (entry.At < since)
                {
                    reachesBack = true;
                    continue;
                }

                newest.Enqueue(entry);
                if (newest.Count > most)
                {
                    _ = newest.Dequeue();
                }
            }
        }
        catch (FileNotFoundException)
        {
            reachesBack = true;
        }

        return (newest, reachesBack);
    }

    private void PutAside()
    {
        for (var number = settings.Files - 1; number >= 1; number--)
        {
            if (File.Exists(Numbered(number - 1)))
            {
                File.Move(Numbered(number - 1), Numbered(number), overwrite: true);
            }
        }

        if (settings.Files == 1)
        {
            File.Delete(path);
        }
    }

    private string Numbered(int number) => number == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");

    private static AuditEntryDocument? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ManagementJson.Default.AuditEntryDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
