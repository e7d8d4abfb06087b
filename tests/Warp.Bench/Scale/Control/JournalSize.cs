using Warp.Node.Configuration;
using Warp.Node.Journal;

namespace Warp.Bench.Scale.Control;

/// <summary>How large a journal is.</summary>
/// <param name="Rows">Events and snapshots.</param>
/// <param name="Bytes">Of the file and its write-ahead log.</param>
internal sealed record JournalSize(long Rows, long Bytes)
{
    /// <summary>Looks, also while a node writes.</summary>
    internal static JournalSize Of(DataFolder data)
    {
        using var connection = JournalFile.OpenToRead(data.JournalFile);
        using var count = connection.CreateCommand();
        count.CommandText = "select (select count(*) from journal) + (select count(*) from snapshot)";
        return new JournalSize((long)count.ExecuteScalar()!, new[] { "", "-wal" }.Sum(part => new FileInfo(data.JournalFile + part) is { Exists: true } file ? file.Length : 0));
    }
}
