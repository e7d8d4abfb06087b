using Akka.Actor;
using Akka.Cluster;
using Shouldly;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;
using Xunit;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Tests.Hosting;

/// <summary>A control node with the shipped configuration and a real journal file.</summary>
public sealed class ClusterActorsTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly TemporarySqlite _sqlite = new();
    private ActorSystem? _system;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => StopAsync();

    public void Dispose() => _sqlite.Dispose();

    [Fact]
    public async Task A_restarted_control_node_has_its_deployments_again_without_being_asked()
    {
        var node = await StartAsync();
        (await node.Deployments.Ask<IWarpMessage>(new ApplyDeployment(Sample.Spec(Sample.Service("app"), Sample.Service("db"))), Patience))
            .ShouldBeOfType<DeploymentAccepted>().Revision.ShouldBe(1);
        await StopAsync();

        var again = await StartAsync();
        var deployments = await UntilAsync(async () => (await again.Catalog.ShouldNotBeNull().Ask<DeploymentList>(new ListDeployments(), Patience)).Deployments, list => list.Length == 1);
        deployments[0].Services.Select(service => service.IstAddress.ToString()).ShouldBe(["10.201.0.1", "10.201.0.2"]);
    }

    [Fact]
    public async Task A_removed_deployment_stays_removed_over_a_restart_and_its_revisions_go_on()
    {
        var node = await StartAsync();
        await node.Deployments.Ask<DeploymentAccepted>(new ApplyDeployment(Sample.Spec(Sample.Service("app"))), Patience);
        await node.Deployments.Ask<DeploymentRemoving>(new RemoveDeployment(Sample.Shop), Patience);
        await node.Deployments.Ask<DeploymentNotFound>(new GetDeployment(Sample.Shop), Patience);
        await StopAsync();

        var again = await StartAsync();
        await again.Deployments.Ask<DeploymentNotFound>(new GetDeployment(Sample.Shop), Patience);
        (await again.Deployments.Ask<DeploymentAccepted>(new ApplyDeployment(Sample.Spec(Sample.Service("app"))), Patience)).Revision.ShouldBe(2);
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> good)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            var found = await look();
            if (good(found) || DateTime.UtcNow > deadline)
            {
                return found;
            }

            await Task.Delay(100);
        }
    }

    private async Task<ClusterActors> StartAsync()
    {
        _system = ActorSystem.Create("warp", _sqlite.WithCluster);
        var actors = ClusterActors.Start(_system, new ClusterActorsOptions(Sample.Range));
        var cluster = AkkaCluster.Get(_system);
        cluster.Join(cluster.SelfAddress);
        await UntilAsync(() => Task.FromResult(cluster.SelfMember.Status), status => status == MemberStatus.Up);
        return actors;
    }

    private async Task StopAsync()
    {
        if (_system is { } system)
        {
            _system = null;
            await system.Terminate();
        }
    }
}
