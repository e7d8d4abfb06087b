using Akka.Configuration;
using Microsoft.Data.Sqlite;
using Warp.Cluster.Hosting;

namespace Warp.Cluster.Tests;

/// <summary>A journal file of its own in write-ahead mode, as a node has it, and the shipped configuration on top of it.</summary>
internal sealed class TemporarySqlite : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("warp-test-").FullName;

    public TemporarySqlite() => Execute("PRAGMA journal_mode=WAL");

    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString();

    private string File => Path.Combine(_folder, "journal.db");

    /// <summary>
    /// Of a system without a cluster. Messages are not serialized for the exercise (<c>serialize-messages</c>): the journal's own internal messages cannot bear it.
    /// The serializer's tests cover each type, and systems that talk to each other are the subject of the multi-node tests.
    /// </summary>
    public Config WithoutCluster => ConfigurationFactory.ParseString("akka.actor.provider = local").WithFallback(WithCluster);

    /// <summary>Of a control node on a free port of the loopback interface.</summary>
    public Config WithCluster => ConfigurationFactory.ParseString($$"""
        akka {
            loglevel = WARNING
            actor.provider = cluster
            remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            cluster.roles = [control, runner]
            coordinated-shutdown.run-by-clr-shutdown-hook = off
            persistence.journal.sql.connection-string = "{{ConnectionString}}"
            persistence.snapshot-store.sql.connection-string = "{{ConnectionString}}"
        }
        """)
        .WithFallback(Shipped("persistence-sqlite.conf"))
        .WithFallback(Shipped("cluster.conf"))
        .WithFallback(Shipped("akka.conf"))
        .WithFallback(ClusterActors.DefaultConfiguration);

    /// <summary>A write that was under way when its actor system ended may make a file anew while the folder is emptied.</summary>
    public void Dispose()
    {
        for (var attempt = 1; Directory.Exists(_folder); attempt++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException) when (attempt < 100)
            {
                Thread.Sleep(100);
            }
        }
    }

    /// <summary>Takes another journal file's place: a copy of it.</summary>
    public void Take(string file)
    {
        System.IO.File.Delete(File);
        System.IO.File.Copy(file, File);
        Execute("PRAGMA journal_mode=WAL");
    }

    /// <summary>How many rows of the journal match.</summary>
    public long Events(string persistenceId, string manifest) =>
        Count("select count(*) from journal where identifier = 4701 and persistence_id = $id and manifest like $manifest", persistenceId, manifest);

    /// <summary>How many snapshots there are.</summary>
    public long Snapshots(string persistenceId) => Count("select count(*) from snapshot where persistence_id = $id and $manifest <> ''", persistenceId, "%");

    /// <summary>Breaks the journal: from now on every write fails.</summary>
    public void Break() => Execute("DROP TABLE journal");

    /// <summary>From now on no snapshot can be written.</summary>
    public void RefuseSnapshots() => Execute("CREATE TRIGGER no_snapshots BEFORE INSERT ON snapshot BEGIN SELECT RAISE(FAIL, 'no room'); END");

    /// <summary>Snapshots can be written again.</summary>
    public void TakeSnapshots() => Execute("DROP TRIGGER no_snapshots");

    /// <summary>As a journal that was restored from before the first event.</summary>
    public void Forget() => Execute("DELETE FROM journal");

    private void Execute(string statement)
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this class.
        command.CommandText = statement;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private long Count(string query, string persistenceId, string manifest)
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the two constants above.
        command.CommandText = query;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$id", persistenceId);
        command.Parameters.AddWithValue("$manifest", manifest);
        return (long)command.ExecuteScalar()!;
    }

    private static Config Shipped(string name) => ConfigurationFactory.ParseString(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", name)));
}
