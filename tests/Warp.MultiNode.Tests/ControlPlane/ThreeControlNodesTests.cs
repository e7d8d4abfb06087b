using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Lab.Databases;
using Xunit;

namespace Warp.MultiNode.Tests.ControlPlane;

/// <summary>Three control nodes on a real PostgreSQL server over verified TLS. A test begins and ends with all of them up.</summary>
public sealed class ThreeControlNodesTests(ThreeControlNodes nodes) : IClassFixture<ThreeControlNodes>
{
    private static readonly DeploymentName Shop = DeploymentName.Parse("shop");
    private readonly ControlPlaneCluster _cluster = nodes.Cluster;

    [Fact]
    public async Task A_deployment_outlives_any_one_control_node()
    {
        var accepted = await _cluster.DeployAsync("shop", "app:1");
        for (var lost = 0; lost < 3; lost++)
        {
            await _cluster.KillAsync(lost);
            (await _cluster.DeployAsync("shop", $"app:lost-{lost}")).Revision.ShouldBe(accepted.Revision + lost + 1);
            _cluster.Start(lost);
            await _cluster.UntilAllUpAsync();
        }
    }

    [Fact]
    public async Task One_of_three_decides_nothing_and_two_are_enough_again()
    {
        var accepted = await _cluster.DeployAsync("shop", "app:1");
        await _cluster.KillAsync(0, 1);
        await TestCluster.UntilAsync(() => Task.FromResult(_cluster.Control(2).ControlNodes == 0), "the one that is left of three gives up");
        (await _cluster.TryAskAsync(new GetDeployment(Shop))).ShouldBeNull();

        _cluster.Start(0);
        (await _cluster.DeployAsync("shop", "app:2")).Revision.ShouldBe(accepted.Revision + 1);
        _cluster.Start(1);
        await _cluster.UntilAllUpAsync();
    }

    [Fact]
    public async Task All_are_killed_at_once_and_two_come_back()
    {
        var accepted = await _cluster.DeployAsync("shop", "app:1");
        await _cluster.KillAsync(0, 1, 2);

        _cluster.Start(0, 2);

        (await _cluster.DeployAsync("shop", "app:3")).Revision.ShouldBe(accepted.Revision + 1);
        _cluster.Start(1);
        await _cluster.UntilAllUpAsync();
    }

    [Fact]
    public async Task A_database_that_is_gone_is_named_and_its_return_needs_no_restart()
    {
        var accepted = await _cluster.DeployAsync("shop", "app:before");
        await TestCluster.UntilAsync(async () => await _cluster.TryAskAsync(new GetDeployment(Shop)) is DeploymentView { Rollout: RolloutState.Completed }, "nothing is left to be decided");
        await nodes.Database.CrashAsync();
        var refused = (await _cluster.TryDeployAsync("shop", "app:meanwhile")).ShouldBeOfType<DeploymentRejected>();
        refused.Problems.ShouldHaveSingleItem().Message.ShouldContain("database did not take the change");

        await nodes.Database.StartAgainAsync();

        (await _cluster.DeployAsync("shop", "app:after")).Revision.ShouldBe(accepted.Revision + 1);
        _cluster.Log.ShouldNotContain(PostgresServer.Password);
        _cluster.Log.ShouldNotContain(PostgresServer.Password.Replace("\"", "\"\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_founder_that_reaches_no_other_control_node_forms_no_cluster_of_its_own()
    {
        await _cluster.KillAsync(0, 1, 2);
        await _cluster.Runner.KillAsync();

        _cluster.Start(0);
        await TestCluster.UntilAsync(() => Task.FromResult(_cluster.Log.Contains("it waits for the others", StringComparison.Ordinal)), "the founder says what it waits for");
        for (var looked = 0; looked < 25; looked++)
        {
            _cluster.Control(0).ControlNodes.ShouldBe(0);
            await Task.Delay(200);
        }

        _cluster.Start(1);
        await TestCluster.UntilAsync(() => Task.FromResult(_cluster.Control(0).ControlNodes == 2), "with a second one it forms it");
        _cluster.Runner.Start();
        _cluster.Start(2);
        await _cluster.UntilAllUpAsync();
    }
}
