using System.Security.Cryptography;
using System.Text.Json;
using Shouldly;
using Warp.Lab.Databases;
using Warp.Node.Configuration;
using Warp.Node.Tests.Hosting;
using Xunit;

namespace Warp.MultiNode.Tests.ControlPlane;

/// <summary>The real <c>warp</c> program and a real PostgreSQL server: where the journal is, and how it gets there. No container engine is needed.</summary>
public sealed class JournalTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("warp-journal-").FullName;
    private PostgresServer _database = null!;

    private string Data => Path.Combine(_folder, "data");

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "shop.json"), """{ "services": [ { "name": "app", "image": "app:1" } ] }""");
        await WarpAsync(ExitCode.Ok, "init", "--cluster", "test", "--name", "alpha", "--address", "127.0.0.1");
        await ConfigureAsync("");
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_journal_moves_to_postgres_and_nothing_is_lost_on_the_way()
    {
        await RunAsync(() => DeployAsync("shop"));
        var file = Path.Combine(Data, "state", "warp.db");
        var before = SHA256.HashData(await File.ReadAllBytesAsync(file));
        var connection = await _database.CreateDatabaseAsync("moved");
        await ConfigureAsync($"""warp.persistence {"{"} provider = postgres, connection-string = {JsonSerializer.Serialize(connection)} {"}"}""");
        (await WarpAsync(ExitCode.NotConfigured, "run")).ShouldContain("Run 'warp journal move'");

        (await WarpAsync(ExitCode.Ok, "journal", "move")).ShouldContain("journal: 6 rows, read back and equal");

        SHA256.HashData(await File.ReadAllBytesAsync(file)).ShouldBe(before);
        (await WarpAsync(ExitCode.Conflict, "journal", "move")).ShouldContain("There is a journal of 6 rows");
        await WarpAsync(ExitCode.Ok, "journal", "move", "--force");
        await RunAsync(async () =>
        {
            (await RevisionAsync("shop")).ShouldBe(1);
            await DeployAsync("next");
        });

        // A dump of PostgreSQL's own, and a database that is lost.
        var dump = Path.Combine(_folder, "dump");
        await _database.ToolAsync("pg_dump", "--format=custom", $"--file={dump}", "moved");
        await _database.ToolAsync("psql", "--dbname=moved", "--command=drop table journal, tags, snapshot");
        await _database.ToolAsync("pg_restore", "--dbname=moved", dump);
        await RunAsync(async () => ((await RevisionAsync("shop")), await RevisionAsync("next")).ShouldBe((1, 1)));
    }

    [Fact]
    public async Task A_backup_of_the_running_node_is_restored_and_what_was_there_is_kept()
    {
        var backup = Path.Combine(_folder, "backup");
        await RunAsync(async () =>
        {
            await DeployAsync("shop");
            await WarpAsync(ExitCode.Ok, "journal", "backup", backup);
            await DeployAsync("later");
        });
        File.GetUnixFileMode(backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        (await WarpAsync(ExitCode.Ok, "journal", "restore", backup)).ShouldContain("What was there is now");

        Directory.GetFiles(Path.Combine(Data, "state"), "warp.db.before-*").ShouldNotBeEmpty();
        await RunAsync(async () =>
        {
            (await RevisionAsync("shop")).ShouldBe(1);
            (await WarpAsync(ExitCode.NotFound, "history", "later")).ShouldContain("no deployment 'later'");
        });
        await File.WriteAllTextAsync(backup, "no database");
        (await WarpAsync(ExitCode.Failed, "journal", "restore", backup)).ShouldContain("damaged or no journal of Warp");
    }

    [Fact]
    public async Task A_database_that_proves_itself_by_another_authority_gets_no_password()
    {
        await RunAsync(() => Task.CompletedTask);
        var connection = _database.ConnectionString().Replace(_database.AuthorityFile, _database.ForeignAuthorityFile, StringComparison.Ordinal);
        await ConfigureAsync($"""warp.persistence {"{"} provider = postgres, connection-string = {JsonSerializer.Serialize(connection)} {"}"}""");

        (await WarpAsync(ExitCode.Failed, "journal", "move")).ShouldContain("certificate");
    }

    private Task<string> DeployAsync(string name) => WarpAsync(ExitCode.Ok, "deploy", Path.Combine(_folder, "shop.json"), "--name", name, "--detach");

    private async Task<int> RevisionAsync(string name)
    {
        using var history = JsonDocument.Parse(await WarpAsync(ExitCode.Ok, "history", name, "--json"));
        return history.RootElement.GetProperty("revisions")[0].GetProperty("revision").GetInt32();
    }

    /// <summary>Everything that the program says anywhere is looked through for the database's password.</summary>
    private async Task<string> WarpAsync(ExitCode expected, params string[] arguments)
    {
        var (exitCode, output) = await WarpProcess.RunAsync([.. arguments, "--data", Data]);
        exitCode.ShouldBe((int)expected, output);
        output.ShouldNotContain(PostgresServer.Password[..4]);
        return output;
    }

    /// <summary>Starts the node, does something when it is ready, and stops it.</summary>
    private async Task RunAsync(Func<Task> meanwhile)
    {
        using var node = WarpProcess.Start("run", "--data", Data);
        await TestCluster.UntilAsync(() => Task.FromResult(node.Output.Contains("Singleton identified", StringComparison.Ordinal)), "the node is a control node", () => node.Output);
        await meanwhile();
        await node.SignalAsync("TERM");
        (await node.ExitAsync()).ShouldBe(0, node.Output);
        node.Output.ShouldNotContain(PostgresServer.Password[..4]);
    }

    private Task ConfigureAsync(string persistence) => File.WriteAllTextAsync(Path.Combine(Data, "warp.conf"), $$"""
        warp {
            log-level = debug
            node.bind-address = "127.0.0.1"
            ports { cluster = {{TestPorts.Next()}}, tunnel = {{TestPorts.Next()}}, management = {{TestPorts.Next()}} }
            network.intercept-port = {{TestPorts.Next()}}
            docker.endpoint = "unix://{{_folder}}/no-engine.sock"
        }
        {{persistence}}

        """);
}
