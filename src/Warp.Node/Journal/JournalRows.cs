using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Warp.Node.Journal;

/// <summary>The rows of one table, read from SQLite in a fixed order, as PostgreSQL's types want them.</summary>
internal sealed class JournalRows(JournalTable table, SqliteConnection source, NpgsqlConnection target)
{
    /// <summary>Writes all of them.</summary>
    /// <returns>How many.</returns>
    public async Task<long> CopyAsync()
    {
        var types = await TypesAsync();
        var rows = 0L;
        using var select = Select();
        using var reader = select.ExecuteReader();
        await using var writer = await target.BeginBinaryImportAsync($"copy {table.Name} ({table.ColumnList}) from stdin (format binary)");
        while (await reader.ReadAsync())
        {
            await writer.StartRowAsync();
            for (var i = 0; i < types.Length; i++)
            {
                await writer.WriteAsync(Convert(reader.GetValue(i), types[i]), types[i]);
            }

            rows++;
        }

        await writer.CompleteAsync();
        return rows;
    }

    /// <summary>Reads what is in PostgreSQL now and compares it, value by value, with the source.</summary>
    /// <exception cref="InvalidDataException">It differs.</exception>
    public async Task VerifyAsync()
    {
        var types = await TypesAsync();
        using var stored = Select();
        using var before = stored.ExecuteReader();

        // The order of texts is the database's own affair; that of their bytes is not.
        await using var select = new NpgsqlCommand($"select {table.ColumnList} from {table.Name} order by {table.Order.Replace("persistence_id", "persistence_id collate \"C\"", StringComparison.Ordinal)}", target);
        await using var after = await select.ExecuteReaderAsync();
        for (var row = 1L; ; row++)
        {
            var (more, there) = (await before.ReadAsync(), await after.ReadAsync());
            if (more != there)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the table {table.Name} has {(more ? "fewer" : "more")} rows than the file, seen at row {row}"));
            }

            if (!more)
            {
                return;
            }

            for (var i = 0; i < types.Length; i++)
            {
                if (!Same(Convert(before.GetValue(i), types[i]), after.GetValue(i)))
                {
                    throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"row {row} of the table {table.Name} was read back with another value in {table.Columns[i]}"));
                }
            }
        }
    }

    private static bool Same(object? before, object after) => (before, after) switch
    {
        (byte[] written, byte[] read) => written.AsSpan().SequenceEqual(read),
        (null, DBNull) => true,
        _ => Equals(before, after),
    };

    // SQLite has numbers where PostgreSQL has booleans and times; the plugin keeps a time as its ticks there.
    private static object? Convert(object value, string type) => (value, type) switch
    {
        (DBNull, _) => null,
        (long number, "boolean") => number != 0,
        (long number, "integer") => checked((int)number),
        (long ticks, "timestamp without time zone") => new DateTime(ticks, DateTimeKind.Unspecified),
        (long ticks, "timestamp with time zone") => new DateTime(ticks, DateTimeKind.Utc),
        (long or string or byte[], _) => value,
        _ => throw new InvalidDataException($"a value of {value.GetType().Name} for a column of {type} is not known"),
    };

    private SqliteCommand Select()
    {
        var select = source.CreateCommand();
#pragma warning disable CA2100 // Names of tables and columns from this program.
        select.CommandText = $"select {table.ColumnList} from {table.Name} order by {table.Order}";
#pragma warning restore CA2100
        return select;
    }

    private async Task<string[]> TypesAsync()
    {
        await using var select = new NpgsqlCommand($"select {table.ColumnList} from {table.Name} limit 0", target);
        await using var reader = await select.ExecuteReaderAsync();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetDataTypeName)];
    }
}
