using CsCheck;
using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class IstAddressPlanTests
{
    private static readonly Ipv4Range Tiny = Ipv4Range.Parse("10.201.0.0/29");

    [Fact]
    public void The_lowest_address_that_was_never_used_comes_first() =>
        Choose([1, 3], [("old", 2)]).ShouldBe(4);

    [Fact]
    public void A_service_that_comes_back_has_its_address_again() =>
        Choose([1], [("db", 2), ("old", 3)]).ShouldBe(2);

    [Fact]
    public void Nobody_gets_an_address_that_another_has_meanwhile() =>
        Choose([2], [("db", 2)]).ShouldBe(1);

    [Fact]
    public void A_removed_services_address_is_used_again_only_when_there_is_no_other() =>
        Choose([1, 3, 4, 5, 6], [("old", 2)]).ShouldBe(2);

    [Fact]
    public void A_full_range_has_none() =>
        Choose([1, 2, 3, 4, 5, 6], []).ShouldBeNull();

    [Theory]
    [InlineData("10.201.0.0/31")]
    [InlineData("10.201.0.0/32")]
    [InlineData("255.255.255.255/32")]
    public void A_range_without_host_addresses_has_none(string range) =>
        IstAddressPlan.Choose(Ipv4Range.Parse(range), Sample.Name("db"), new HashSet<Ipv4Address>(), []).ShouldBeNull();

    [Fact]
    public void An_address_is_a_free_host_address_of_the_range() =>
        Gen.Select(Gen.Int[1, 6].HashSet[0, 6], Gen.Int[1, 6].HashSet[0, 6]).Sample((inUse, retired) =>
        {
            var chosen = Choose([.. inUse], [.. retired.Select(host => ($"old{host}", host))]);
            (chosen is null).ShouldBe(inUse.Count == 6);
            if (chosen is { } host)
            {
                host.ShouldBeInRange(1, 6);
                inUse.ShouldNotContain(host);
                (retired.Contains(host) && Enumerable.Range(1, 6).Except(inUse).Except(retired).Any()).ShouldBeFalse();
            }
        });

    private static int? Choose(int[] inUse, (string Service, int Host)[] retired)
    {
        var address = IstAddressPlan.Choose(
            Tiny, Sample.Name("db"), inUse.Select(Host).ToHashSet(), [.. retired.Select(r => new RetiredService(Sample.Name(r.Service), Host(r.Host), 1))]);
        return address is { } found ? (int)(found.Bits - Tiny.Network.Bits) : null;
    }

    private static Ipv4Address Host(int host) => new(Tiny.Network.Bits + (uint)host);
}
