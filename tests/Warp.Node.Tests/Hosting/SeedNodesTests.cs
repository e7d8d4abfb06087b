using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Hosting;
using Xunit;

namespace Warp.Node.Tests.Hosting;

public sealed class SeedNodesTests
{
    private static readonly NodeEndpoint Self = new("10.0.0.1", 4053);
    private static readonly NodeEndpoint Known = new("10.0.0.2", 4053);
    private static readonly NodeEndpoint Configured = new("10.0.0.3", 4053);

    [Fact]
    public void A_new_founder_has_only_itself() => SeedNodes.Order(Self, founder: true, [], []).ShouldBe([Self]);

    [Fact]
    public void A_founder_that_comes_back_asks_those_it_knew_before_it_forms_a_cluster() =>
        SeedNodes.Order(Self, founder: true, [Known], []).ShouldBe([Self, Known]);

    [Fact]
    public void Another_node_never_lists_itself() =>
        SeedNodes.Order(Self, founder: false, [Self, Known], [Self, Configured]).ShouldBe([Known, Configured]);

    [Fact]
    public void Nobody_is_listed_twice() =>
        SeedNodes.Order(Self, founder: false, [Known, Configured], [Configured, Known]).ShouldBe([Known, Configured]);
}
