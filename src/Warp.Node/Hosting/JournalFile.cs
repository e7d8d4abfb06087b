using Microsoft.Data.Sqlite;
using Warp.Node.Configuration;

namespace Warp.Node.Hosting;

/// <summary>The embedded journal's file. Write-ahead logging is a property of the file and has to be set by us: the persistence plugin leaves the default, at twice the cost of a write.</summary>
internal static class JournalFile
{
    /// <summary>The connection string of the plugin.</summary>
    public static string ConnectionString(DataFolder data) => new SqliteConnectionStringBuilder { DataSource = data.JournalFile }.ToString();

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
            throw new OperatorException(ExitCode.NotConfigured, $"The journal {data.JournalFile} cannot be opened: {failure.Message}. If the file is damaged, restore it from a backup.", failure);
        }
    }
}
