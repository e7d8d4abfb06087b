using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Akka.Persistence.Sql;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Registries;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Hosting;

/// <summary>The cluster's own actors on this node.</summary>
/// <param name="Deployments">Takes every <see cref="Protocol.IDeploymentMessage"/>, on every node: the shard region on a control node, a proxy elsewhere.</param>
/// <param name="Directory">Answers <see cref="Protocol.ListRunners"/>; null on a node without the control role.</param>
/// <param name="Catalog">Answers <see cref="Protocol.ListDeployments"/>; null on a node without the control role.</param>
/// <param name="Registries">Leads, on every node, to the one that keeps the logins at image registries (<see cref="Protocol.KeepRegistryLogin"/> and its like).</param>
/// <param name="Trust">Leads, on every node, to the one that removes and drains runners (<see cref="Protocol.RemoveRunner"/>, <see cref="Protocol.DrainRunner"/>).</param>
public sealed record ClusterActors(IActorRef Deployments, IActorRef? Directory, IActorRef? Catalog, IActorRef Registries, IActorRef Trust)
{
    private const string TrustSingleton = "trust";
    private const string RegistriesSingleton = "logins";
    private static readonly TimeSpan CatalogForgetsAfter = TimeSpan.FromSeconds(120);

    /// <summary>The reference configurations of the modules in use; the last fallback of the node's configuration, because Akka.NET does not load them all by itself in time.</summary>
    public static Config DefaultConfiguration =>
        ClusterSharding.DefaultConfig()
            .WithFallback(DistributedData.DefaultConfig())
            .WithFallback(ClusterSingleton.DefaultConfig())
            .WithFallback(SqlPersistence.DefaultConfiguration);

    /// <summary>Starts them by the node's roles. Call once for an actor system, as soon as it is made; nothing here waits for the cluster.</summary>
    /// <param name="system">A system with the configuration files of <c>hocon/</c>.</param>
    /// <param name="options">What is set.</param>
    public static ClusterActors Start(ActorSystem system, ClusterActorsOptions options)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(options);
        return AkkaCluster.Get(system).SelfRoles.Contains(ClusterRoles.Control)
            ? StartControl(system, options)
            : new ClusterActors(
                ClusterSharding.Get(system).StartProxy(ActorNames.DeploymentShards, ClusterRoles.Control, new DeploymentMessageExtractor()), null, null, RegistriesDoor(system), TrustDoor(system));
    }

    private static ClusterActors StartControl(ActorSystem system, ClusterActorsOptions options)
    {
        var directory = system.ActorOf(RunnerDirectoryActor.Props(new RunnerDirectorySettings(TimeProvider.System) { Grace = options.RunnerGrace }), ActorNames.Directory);
        var catalog = system.ActorOf(DeploymentCatalogActor.Props(TimeProvider.System, CatalogForgetsAfter), ActorNames.Catalog);
        system.ActorOf(JournalProbeActor.Props(), ActorNames.JournalProbe);
        system.ActorOf(ControlPlaneActor.Props(options.ControlPlane, TimeProvider.System), ActorNames.ControlPlane);
        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system).WithRole(ClusterRoles.Control);
        var deployment = new DeploymentActorSettings(options.IstRange);
        var region = sharding.Start(
            ActorNames.DeploymentShards,
            id => DeploymentActor.Props(DeploymentName.Parse(id), deployment, directory, catalog),
            settings,
            new DeploymentMessageExtractor(),
            sharding.DefaultShardAllocationStrategy(settings),
            StopDeployment.Instance);
        var registries = ClusterSingletonManagerSettings.Create(system).WithRole(ClusterRoles.Control).WithSingletonName(RegistriesSingleton);
        system.ActorOf(ClusterSingletonManager.Props(RegistryLoginsActor.Props(), StopRegistryLogins.Instance, registries), ActorNames.RegistryLoginsOwner);
        var trust = ClusterSingletonManagerSettings.Create(system).WithRole(ClusterRoles.Control).WithSingletonName(TrustSingleton);
        system.ActorOf(
            ClusterSingletonManager.Props(ClusterTrustActor.Props(directory, catalog, region, TimeProvider.System), StopClusterTrust.Instance, trust), ActorNames.ClusterTrustOwner);
        return new ClusterActors(region, directory, catalog, RegistriesDoor(system), TrustDoor(system));
    }

    private static IActorRef RegistriesDoor(ActorSystem system) => Door(system, ActorNames.RegistryLoginsOwner, RegistriesSingleton, "registry-logins-door");

    private static IActorRef TrustDoor(ActorSystem system) => Door(system, ActorNames.ClusterTrustOwner, TrustSingleton, "cluster-trust-door");

    private static IActorRef Door(ActorSystem system, string owner, string singleton, string name) => system.ActorOf(
        ClusterSingletonProxy.Props($"/user/{owner}", ClusterSingletonProxySettings.Create(system).WithRole(ClusterRoles.Control).WithSingletonName(singleton)), name);
}

/// <summary>What a node sets for <see cref="ClusterActors"/>.</summary>
/// <param name="IstRange">Where the services' addresses come from; the same on every control node.</param>
public sealed record ClusterActorsOptions(Ipv4Range IstRange)
{
    /// <summary>How long a runner may be away before what can run elsewhere is placed elsewhere.</summary>
    public TimeSpan RunnerGrace { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The control nodes.</summary>
    public ControlPlaneOptions ControlPlane { get; init; } = new(ControlNodes: 1);
}
