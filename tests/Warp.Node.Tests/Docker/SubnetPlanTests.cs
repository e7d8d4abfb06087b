using CsCheck;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Docker;
using Xunit;

namespace Warp.Node.Tests.Docker;

public sealed class SubnetPlanTests
{
    private static readonly Ipv4Range s_pool = Ipv4Range.Parse("10.208.0.0/16");

    private static readonly Gen<Ipv4Range> s_range = Gen.Select(Gen.UInt[0x0AD00000 - 4096, 0x0AD0FFFF + 4096], Gen.Int[18, 32])
        .Select((bits, prefix) => new Ipv4Range(new((uint)(bits & (ulong.MaxValue << (32 - prefix)))), prefix));

    [Fact]
    public void The_first_subnet_is_the_pools_begin() => SubnetPlan.LowestFree(s_pool, 24, []).ShouldBe(Ipv4Range.Parse("10.208.0.0/24"));

    [Fact]
    public void The_choice_is_free_in_the_pool_and_the_lowest_such() => Gen.Select(s_range.Array[0, 60], Gen.Int[16, 29]).Sample((taken, prefix) =>
    {
        var size = 1L << (32 - prefix);
        var candidates = Enumerable.Range(0, (int)(s_pool.Size / size)).Select(i => new Ipv4Range(new((uint)(s_pool.Network.Bits + i * size)), prefix));
        Ipv4Range? lowest = null;
        foreach (var candidate in candidates)
        {
            if (!taken.Any(candidate.Overlaps))
            {
                lowest = candidate;
                break;
            }
        }

        SubnetPlan.LowestFree(s_pool, prefix, taken).ShouldBe(lowest);
    }, iter: 2000);

    [Fact]
    public void A_pool_at_the_end_of_the_address_space_does_not_wrap_around() =>
        SubnetPlan.LowestFree(Ipv4Range.Parse("255.255.255.0/24"), 25, [Ipv4Range.Parse("255.255.255.0/24")]).ShouldBeNull();

    [Fact]
    public void Routes_are_read_from_the_kernels_table_without_the_default_route_and_its_stand_ins()
    {
        const string table = """
            Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
            eth0	00000000	0100000A	0003	0	0	0	00000000	0	0	0
            tun0	00000080	00000000	0001	0	0	0	00000080	0	0	0
            eth0	0000000A	00000000	0001	0	0	0	0000FFFF	0	0	0
            eth1	0500A8C0	00000000	0001	0	0	0	FFFFFFFF	0	0	0
            """;

        HostRanges.ParseRoutes(table.Split('\n').Select(line => line.Replace("\t\t", "\t", StringComparison.Ordinal)))
            .ShouldBe([Ipv4Range.Parse("10.0.0.0/16"), Ipv4Range.Parse("192.168.0.5/32")]);
    }
}
