using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Warp.Node.Configuration;

namespace Warp.Node.Journal;

/// <summary>
/// Copies the embedded journal into PostgreSQL, every row of every table, in one transaction that is committed only when what was written was read back and is the same. The source
/// is only read.
/// </summary>
internal static class JournalMove
{
    /// <summary>Does it.</summary>
    /// <param name="file">The embedded journal; no node may work on it.</param>
    /// <param name="connectionString">The database.</param>
    /// <param name="force">Whether a journal that is there already may be replaced.</param>
    /// <returns>How many rows each table has now.</returns>
    /// <exception cref="OperatorException">It could not be done; the database is as it was.</exception>
    public static async Task<ImmutableArray<(string Table, long Rows)>> RunAsync(string file, string connectionString, bool force)
    {
        using var source = JournalFile.OpenToRead(file);
        var place = PostgresConnection.Place(new NpgsqlConnectionStringBuilder(connectionString));
        try
        {
            await PostgresSchema.EnsureAsync(connectionString);
            await using var target = new NpgsqlConnection(connectionString);
            await target.OpenAsync();
            await using var transaction = await target.BeginTransactionAsync();

            // A node that works on the database would otherwise write between the rows.
            await ExecuteAsync(target, $"lock table {string.Join(", ", JournalTable.All.Select(table => table.Name))} in access exclusive mode");
            await ClearAsync(target, place, force);
            var moved = ImmutableArray.CreateBuilder<(string, long)>();
            foreach (var table in JournalTable.All)
            {
                var rows = new JournalRows(table, source, target);
                moved.Add((table.Name, await rows.CopyAsync()));
                await rows.VerifyAsync();
            }

            await ExecuteAsync(target, "select setval(pg_get_serial_sequence('journal', 'ordering'), greatest(max(ordering), 1)) from journal");
            await transaction.CommitAsync();
            return moved.ToImmutable();
        }
        catch (Exception failure) when (failure is NpgsqlException or SqliteException or InvalidDataException)
        {
            throw new OperatorException(ExitCode.Failed, $"The journal could not be moved into {place}, which is as it was: {Reason(failure)}", failure);
        }
    }

    private static async Task ClearAsync(NpgsqlConnection target, string place, bool force)
    {
        await using var count = new NpgsqlCommand(string.Join(" + ", JournalTable.All.Select(table => $"(select count(*) from {table.Name})")).Insert(0, "select "), target);
        var rows = (long)(await count.ExecuteScalarAsync())!;
        if (rows > 0 && !force)
        {
            throw new OperatorException(
                ExitCode.Conflict,
                string.Create(CultureInfo.InvariantCulture, $"There is a journal of {rows} rows in {place} already; nothing was changed. Name an empty database, or replace that journal with --force."));
        }

        await ExecuteAsync(target, $"truncate {string.Join(", ", JournalTable.All.Select(table => table.Name))}");
    }

    private static async Task ExecuteAsync(NpgsqlConnection target, string statement)
    {
        await using var command = new NpgsqlCommand(statement, target);
        await command.ExecuteNonQueryAsync();
    }

    // Npgsql says "Exception while connecting" and the like, and the cause beneath it.
    private static string Reason(Exception failure) => failure.InnerException is { } inner ? $"{failure.Message}: {inner.Message}" : failure.Message;
}
