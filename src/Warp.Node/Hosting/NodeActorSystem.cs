using System.Globalization;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Hosting;
using Warp.Node.Configuration;
using Warp.Node.Journal;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>Makes one actor system of the node: the configuration that follows from who the node is, and mutual TLS.</summary>
internal static class NodeActorSystem
{
    /// <summary>The same on all nodes: part of every address.</summary>
    public const string Name = "warp";

    /// <summary>Starts it; it is not a member of a cluster yet.</summary>
    /// <exception cref="OperatorException">It cannot listen on its port.</exception>
    public static ActorSystem Start(WarpSettings settings, ICredentialSource credentials, ILoggerFactory loggers)
    {
        var setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(Configuration(settings)),
            RemotingTls.Setup(credentials));
        try
        {
            var system = ActorSystem.Create(Name, setup);
            AkkaLog.Attach(system, loggers);
            return system;
        }
        catch (Exception failure) when (Find<SocketException>(failure) is { } socket)
        {
            throw new OperatorException(
                ExitCode.Unavailable,
                $"The cluster port {settings.BindAddress}:{settings.Ports.Cluster} cannot be opened: {socket.Message}. Stop what uses it, or choose another with {SettingKeys.ClusterPort}.",
                failure);
        }
    }

    private static Config Configuration(WarpSettings settings) =>
        Identity(settings)
            .WithFallback(new ControlPlaneOptions(settings.Cluster.ControlNodes).SplitBrainResolver)
            .WithFallback(settings.Akka)
            .WithFallback(ClusterActors.DefaultConfiguration);

    // What must follow from the node's identity: nothing in a file may contradict it.
    private static Config Identity(WarpSettings settings)
    {
        var connection = (settings.Persistence.ConnectionString ?? JournalFile.ConnectionString(settings.Data))
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
        akka {
            loglevel = {{AkkaLog.LevelName(settings.LogLevel)}}
            stdout-loglevel = OFF
            loggers = []
            actor.provider = cluster
            remote.dot-netty.tcp {
                enable-ssl = true
                hostname = "{{settings.BindAddress}}"
                port = {{settings.Ports.Cluster}}
                public-hostname = "{{settings.Node.Address}}"
                public-port = {{settings.Ports.Cluster}}
            }
            cluster {
                roles = [{{string.Join(", ", settings.Node.Roles)}}]
                seed-nodes = []
                run-coordinated-shutdown-when-down = on
            }
            persistence {
                journal.sql.connection-string = "{{connection}}"
                snapshot-store.sql.connection-string = "{{connection}}"
            }
            coordinated-shutdown {
                run-by-clr-shutdown-hook = off
                run-by-actor-system-terminate = off
                exit-clr = off
            }
        }
        """));
    }

    private static T? Find<T>(Exception failure)
        where T : Exception =>
        failure switch
        {
            T found => found,
            AggregateException { InnerExceptions: var inner } => inner.Select(Find<T>).FirstOrDefault(found => found is not null),
            { InnerException: { } inner } => Find<T>(inner),
            _ => null,
        };
}
