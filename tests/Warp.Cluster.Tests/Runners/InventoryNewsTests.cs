using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Runners;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

public sealed class InventoryNewsTests
{
    private static readonly DeploymentName Shop = DeploymentName.Parse("shop");
    private static readonly DeploymentName Blog = DeploymentName.Parse("blog");
    private readonly InventoryNews _news = new();

    [Fact]
    public void Only_a_deployment_of_which_the_engine_has_something_else_than_before_is_told()
    {
        Told(Inventory(Running(Shop), Running(Blog))).ShouldBe([Shop, Blog], ignoreOrder: true);
        Told(Inventory(Running(Shop), Running(Blog))).ShouldBeEmpty();
        Told(Inventory(Running(Shop), Running(Blog) with { Running = false })).ShouldBe([Blog]);
        Told(Inventory(Running(Shop)) with { Networks = [Network(Shop)] }).ShouldBe([Shop]);
    }

    [Fact]
    public void A_deployment_of_which_nothing_is_left_is_told_so_once()
    {
        Told(Inventory(Running(Shop)), Shop, Blog).ShouldBe([Shop, Blog], ignoreOrder: true);

        var gone = _news.Of(Inventory(), [Shop, Blog]).ShouldHaveSingleItem();
        gone.Key.ShouldBe(Shop);
        gone.Value.SameAs(DeploymentInventory.Nothing).ShouldBeTrue();
        Told(Inventory(), Shop, Blog).ShouldBeEmpty();
    }

    [Fact]
    public void A_regular_inventory_goes_to_all()
    {
        Told(Inventory(Running(Shop)), Shop, Blog);
        Told(Inventory(Running(Shop)) with { ForAll = true }, Shop, Blog).ShouldBe([Shop, Blog], ignoreOrder: true);
    }

    [Fact]
    public void Who_was_forgotten_hears_the_same_again()
    {
        Told(Inventory(Running(Shop), Running(Blog)));
        _news.Forget(Shop);
        Told(Inventory(Running(Shop), Running(Blog))).ShouldBe([Shop]);
    }

    private IEnumerable<DeploymentName> Told(EngineInventory inventory, params DeploymentName[] known) => _news.Of(inventory, known).Select(part => part.Key);

    private static EngineInventory Inventory(params ObservedContainer[] containers) => new(new EngineInfo("1"), [], [.. containers], []);

    private static ObservedContainer Running(DeploymentName deployment) =>
        new(new InstanceId(deployment, ServiceName.Parse("app"), 0, 1), $"c-{deployment}", "hash", true, Ipv4Address.Parse("10.208.0.2"), DateTimeOffset.UnixEpoch, null, false, null);

    private static BridgeNetwork Network(DeploymentName deployment) =>
        new(deployment, $"n-{deployment}", "warp-1", Ipv4Range.Parse("10.208.0.0/27"), Ipv4Address.Parse("10.208.0.1"));
}
