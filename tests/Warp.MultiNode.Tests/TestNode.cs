using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Microsoft.Data.Sqlite;
using Warp.Cluster.Hosting;
using Warp.Cluster.Identity;
using Warp.Node.Security;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.MultiNode.Tests;

/// <summary>A node with its own actor system, the shipped configuration, mutual TLS, and a fake in place of the runner's actors.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly NodeCredentials _credentials;

    private TestNode(ActorSystem system, ClusterActors actors, FakeRunnerLog runner, NodeCredentials credentials) =>
        (System, Actors, Runner, _credentials) = (system, actors, runner, credentials);

    public ActorSystem System { get; }

    public ClusterActors Actors { get; }

    /// <summary>What its runner was told.</summary>
    public FakeRunnerLog Runner { get; }

    public static TestNode Start(TestAuthority authority, string name, int port, string roles, string journalFolder, params int[] seeds)
    {
        var runner = RunnerId.Parse(name);
        var credentials = authority.Issue(runner);
        var system = ActorSystem.Create("warp", ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(Configuration(port, roles, journalFolder)), RemotingTls.Setup(new FixedCredentials(credentials))));
        var actors = ClusterActors.Start(system, new ClusterActorsOptions(Ipv4Range.Parse("10.201.0.0/16")));
        var log = new FakeRunnerLog();
        if (roles.Contains(ClusterRoles.Runner, StringComparison.Ordinal))
        {
            system.ActorOf(FakeRunner.Props(runner, actors.Deployments, log), ActorNames.Runner);
        }

        AkkaCluster.Get(system).JoinSeedNodes(seeds.Select(seed => new Address("akka.ssl.tcp", "warp", "127.0.0.1", seed)));
        return new TestNode(system, actors, log, credentials);
    }

    /// <summary>Ends without a word to the others, as a killed process does.</summary>
    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
        _credentials.Certificate.Dispose();
    }

    private static Config Configuration(int port, string roles, string journalFolder)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(journalFolder, "journal.db"), Pooling = false }.ToString();
        return ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka {
                loglevel = WARNING
                actor.provider = cluster
                remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}}, enable-ssl = true }
                cluster.roles = [{{roles}}]
                coordinated-shutdown {
                    run-by-clr-shutdown-hook = off
                    run-by-actor-system-terminate = off
                }
                persistence.journal.sql.connection-string = "{{connection}}"
                persistence.snapshot-store.sql.connection-string = "{{connection}}"
            }
            """))
            .WithFallback(Shipped("persistence-sqlite.conf"))
            .WithFallback(Shipped("cluster.conf"))
            .WithFallback(Shipped("akka.conf"))
            .WithFallback(ClusterActors.DefaultConfiguration);
    }

    private static Config Shipped(string name) => ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", name)));
}
