using ARSoft.Tools.Net.Dns;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Names;
using Xunit;

namespace Warp.Node.Tests.Names;

/// <summary>A container that asks more than its share takes nothing from the others.</summary>
public sealed class NameLimitTests
{
    private static readonly Asker s_one = new(Ipv4Address.Parse("10.208.0.1"), Ipv4Address.Parse("10.208.0.2"));
    private static readonly Asker s_neighbour = s_one with { Container = Ipv4Address.Parse("10.208.0.3") };
    private static readonly Asker s_elsewhere = new(Ipv4Address.Parse("10.208.1.1"), Ipv4Address.Parse("10.208.1.2"));

    [Fact]
    public void Places_are_bounded_for_a_container_for_a_bridge_and_in_all()
    {
        var places = new Occupancy(perContainer: 2, perBridge: 3, inAll: 4);

        Enumerable.Range(0, 9).Count(_ => places.TryEnter(s_one)).ShouldBe(2);
        Enumerable.Range(0, 9).Count(_ => places.TryEnter(s_neighbour)).ShouldBe(1);
        Enumerable.Range(0, 9).Count(_ => places.TryEnter(s_elsewhere)).ShouldBe(1);
        places.Leave(s_one);
        places.TryEnter(s_neighbour).ShouldBeTrue();
        places.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Questions_beyond_the_share_fail_at_once_and_the_places_come_back()
    {
        using var silent = Upstream.Silent();
        await using var bed = new NameBed(options => options with { ServerPatience = TimeSpan.FromMilliseconds(300), WaitingPerContainer = 3 }, silent);
        using var client = bed.Connect();

        for (var i = 0; i < 10; i++)
        {
            client.Send(Query.Of("example.org", number: (ushort)i));
        }

        await Eventually.Is(() => bed.Server.Counters[NameEvent.TooMany] == 7, "seven were too many");
        await Eventually.Is(() => bed.Server.Counters[NameEvent.Unanswered] == 3, "three waited, in vain");
        (await bed.AskAsync("example.org")).ReturnCode.ShouldBe(ReturnCode.ServerFailure);
        bed.Server.Counters[NameEvent.TooMany].ShouldBe(7);
    }

    [Fact]
    public async Task Connections_beyond_the_share_are_closed()
    {
        await using var bed = new NameBed(options => options with { ConnectionsPerContainer = 1 });
        await using var first = await bed.ConnectByTcpAsync();
        await Eventually.Is(
            async () =>
            {
                await using var second = await bed.ConnectByTcpAsync();
                return await DnsStream.ReadAsync(second, CancellationToken.None) is null;
            },
            "the second connection is closed");
        bed.Server.Counters[NameEvent.TooMany].ShouldBeGreaterThan(0);
    }
}
