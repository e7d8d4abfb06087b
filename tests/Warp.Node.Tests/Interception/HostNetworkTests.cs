using Shouldly;
using Warp.Node.Interception;
using Warp.Node.Tests.Interception.Bed;
using Xunit;

namespace Warp.Node.Tests.Interception;

public sealed class HostNetworkTests
{
    [Fact]
    public void A_runner_with_its_own_bridges_and_local_route_has_no_clash()
    {
        using var bed = new RunnerBed();

        bed.Host.Run(() => HostNetwork.Check(new InterceptionOptions())).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("route add 10.201.5.0/24 via 192.168.77.2", "warp.network.ist-range (10.201.0.0/16) overlaps the route '10.201.5.0/24 dev ")]
    [InlineData("route add 10.0.0.0/8 via 192.168.77.2 table 77", "warp.network.ist-range (10.201.0.0/16) overlaps the route '10.0.0.0/8 dev ")]
    [InlineData("addr add 10.201.1.1/32 dev lo", "warp.network.ist-range (10.201.0.0/16) overlaps the route 'local 10.201.1.1/32 dev lo'")]
    [InlineData("route add 10.192.0.0/10 via 192.168.77.2", "warp.network.bridge-pool (10.208.0.0/12) lies within the route '10.192.0.0/10 dev ")]
    public void A_foreign_route_in_our_ranges_is_named_with_the_setting(string route, string words)
    {
        using var bed = new RunnerBed();
        bed.Host.Ip(route);

        bed.Host.Run(() => HostNetwork.Check(new InterceptionOptions())).ShouldContain(problem => problem.StartsWith(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("route add default via 192.168.77.2")]
    [InlineData("route add 0.0.0.0/1 via 192.168.77.2")]
    [InlineData("route add 10.209.0.0/16 via 192.168.77.2")]
    [InlineData("route add unreachable 10.0.0.0/8")]
    public void Routes_that_leave_room_are_no_clash(string route)
    {
        using var bed = new RunnerBed();
        bed.Host.Ip(route);

        bed.Host.Run(() => HostNetwork.Check(new InterceptionOptions())).ShouldBeEmpty();
    }

    [Fact]
    public void Options_that_contradict_each_other_are_named()
    {
        new InterceptionOptions().Validate().ShouldBeEmpty();
        new InterceptionOptions { IstRange = new InterceptionOptions().BridgePool }.Validate().ShouldHaveSingleItem().ShouldContain("overlap");
        new InterceptionOptions { OpenHostPorts = [80, 8558] }.Validate().ShouldHaveSingleItem().ShouldContain("port 8558 is one of the node's own");
        new InterceptionOptions { OpenHostPorts = [0], InterceptPort = 70000 }.Validate().Length.ShouldBe(2);
        new InterceptionOptions { TableName = "a b" }.Validate().ShouldHaveSingleItem().ShouldContain("'a b' is not a name");
    }
}
