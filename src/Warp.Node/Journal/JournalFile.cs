using Microsoft.Data.Sqlite;
using Warp.Node.Configuration;

namespace Warp.Node.Journal;

/// <summary>The embedded journal's file. Write-ahead logging is a property of the file and has to be set by us: the persistence plugin leaves the default, at twice the cost of a write.</summary>
internal static class JournalFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The connection string of the plugin.</summary>
    public static string ConnectionString(DataFolder data) => new SqliteConnectionStringBuilder { DataSource = data.JournalFile }.ToString();

    /// <summary>Says that the file's content lives on in PostgreSQL; holds where.</summary>
    public static string MovedMarker(DataFolder data) => $"{data.JournalFile}.moved";

    /// <summary>Makes the file if need be and switches it to write-ahead logging (https://www.sqlite.org/wal.html).</summary>
    /// <exception cref="OperatorException">The file cannot be opened or is no database.</exception>
    public static void Prepare(DataFolder data)
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString(data));
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL";
            _ = command.ExecuteScalar();
        }
        catch (SqliteException failure)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"The journal {data.JournalFile} cannot be opened: {failure.Message}. If the file is damaged, restore it with 'warp journal restore BACKUP'.", failure);
        }
    }

    /// <summary>Opens a journal file, only to read it.</summary>
    /// <exception cref="OperatorException">It is not there, damaged, or no journal.</exception>
    public static SqliteConnection OpenToRead(string file)
    {
        if (!File.Exists(file))
        {
            throw new OperatorException(ExitCode.NotFound, $"There is no journal {file}.");
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Check(connection);
            return connection;
        }
        catch (Exception failure) when (failure is SqliteException or InvalidDataException)
        {
            connection.Dispose();
            throw new OperatorException(ExitCode.Failed, $"{file} is damaged or no journal of Warp: {failure.Message}. Nothing was changed.", failure);
        }
    }

    /// <summary>Copies a journal as it is at one moment, also while a node writes to it (https://www.sqlite.org/backup.html). The copy appears whole or not at all, mode 0600.</summary>
    /// <returns>How many events are in the copy.</returns>
    /// <exception cref="OperatorException">The source is no journal, or the target cannot be written.</exception>
    public static long Copy(string from, string to)
    {
        var beside = $"{to}.{Environment.ProcessId}.new";
        try
        {
            using (new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
            }

            using (var source = OpenToRead(from))
            using (var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = beside, Pooling = false }.ToString()))
            {
                target.Open();
                source.BackupDatabase(target);
                using var single = target.CreateCommand();
                single.CommandText = "PRAGMA journal_mode=DELETE"; // One file, without a log beside it.
                _ = single.ExecuteScalar();
            }

            using var copied = OpenToRead(beside);
            using var count = copied.CreateCommand();
            count.CommandText = "select count(*) from journal";
            var events = (long)count.ExecuteScalar()!;
            using (var written = File.OpenHandle(beside, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(written);
            }

            File.Move(beside, to, overwrite: true);
            return events;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new OperatorException(ExitCode.System, $"{to} cannot be written: {failure.Message}", failure);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static void Check(SqliteConnection connection)
    {
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check(1)";
        if (check.ExecuteScalar() is not "ok")
        {
            throw new InvalidDataException("its integrity check fails");
        }

        check.CommandText = "select count(*) from sqlite_master where type = 'table' and name = 'journal'";
        if (check.ExecuteScalar() is not 1L)
        {
            throw new InvalidDataException("it has no table 'journal'");
        }
    }
}
