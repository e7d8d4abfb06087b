using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Tests.Deployments;

/// <summary>One deployment actor on a journal of its own; the test plays the directory, the catalog and two runners.</summary>
public abstract class DeploymentActorTestKit : TestKit
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private protected DeploymentActorTestKit()
        : this(new TemporarySqlite())
    {
    }

    private DeploymentActorTestKit(TemporarySqlite sqlite)
        : base(sqlite.WithoutCluster) => Sqlite = sqlite;

    private protected TemporarySqlite Sqlite { get; }

    private protected TestProbe DirectoryProbe => field ??= CreateTestProbe();

    private protected TestProbe Catalog => field ??= CreateTestProbe();

    private protected TestProbe R1 => field ??= CreateTestProbe();

    private protected TestProbe R2 => field ??= CreateTestProbe();

    protected override void AfterAll()
    {
        base.AfterAll();
        Sqlite.Dispose();
    }

    /// <summary>Starts it; nothing happens by time unless the settings say so.</summary>
    private protected (IActorRef Actor, TestProbe Parent) Start(RunnerId[]? runners = null, Func<DeploymentActorSettings, DeploymentActorSettings>? configure = null)
    {
        var parent = CreateTestProbe();
        var settings = new DeploymentActorSettings(Sample.Range) { ReconcileEvery = TimeSpan.FromMinutes(1) };
        var actor = parent.ChildActorOf(DeploymentActor.Props(Sample.Shop, configure?.Invoke(settings) ?? settings, DirectoryProbe, Catalog));
        DirectoryProbe.ExpectMsg<GetRunnerDirectory>(Patience);
        DirectoryProbe.Reply(Known(runners ?? [Sample.R1, Sample.R2]));
        return (actor, parent);
    }

    /// <summary>The runners' probes show no public routes.</summary>
    private protected void IgnorePublicRoutes()
    {
        R1.IgnoreMessages(message => message is PublicRoutes);
        R2.IgnoreMessages(message => message is PublicRoutes);
    }

    private protected async Task StopAsync(IActorRef actor)
    {
        Watch(actor);
        actor.Tell(StopDeployment.Instance);
        await ExpectTerminatedAsync(actor, Patience);
    }

    private protected RunnerDirectoryChanged Known(params RunnerId[] runners) => new(
        Sample.Directory([.. runners.Select(runner => Sample.Runner(runner))]),
        runners.ToImmutableDictionary(runner => runner, runner => (IActorRef)(runner == Sample.R1 ? R1 : R2)));
}
