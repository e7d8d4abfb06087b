using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Npgsql;
using Warp.Node.Configuration;

namespace Warp.Node.Journal;

/// <summary>Makes the journal's tables where they are not there: by the persistence plugin itself, so that they are always those that it expects.</summary>
internal static class PostgresSchema
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Afterwards all tables are there.</summary>
    /// <exception cref="OperatorException">They are not; the plugin could not make them.</exception>
    public static async Task EnsureAsync(string connectionString)
    {
        var system = ActorSystem.Create("journal", Configuration(connectionString));
        try
        {
            var persistence = Persistence.Instance.Apply(system);
            _ = (persistence.JournalFor(string.Empty), persistence.SnapshotStoreFor(string.Empty));
            using var deadline = new CancellationTokenSource(Patience);
            while (!await AreThereAsync(connectionString, deadline.Token))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), deadline.Token);
            }
        }
        catch (OperationCanceledException failure)
        {
            throw new OperatorException(ExitCode.Failed, $"The tables of the journal could not be made within {Patience.TotalSeconds:0} s. May the user of the database create tables in it?", failure);
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static async Task<bool> AreThereAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select count(*) from unnest($1) as wanted where to_regclass(wanted) is not null", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = JournalTable.All.Select(table => table.Name).ToArray() });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! == JournalTable.All.Length;
    }

    private static Config Configuration(string connectionString)
    {
        var quoted = connectionString.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka {
                loglevel = OFF
                stdout-loglevel = OFF
                loggers = []
                coordinated-shutdown.run-by-clr-shutdown-hook = off
                persistence {
                    journal.sql.connection-string = "{{quoted}}"
                    snapshot-store.sql.connection-string = "{{quoted}}"
                }
            }
            """))
            .WithFallback(SettingsLoader.PostgresPersistence)
            .WithFallback(SqlPersistence.DefaultConfiguration);
    }
}
