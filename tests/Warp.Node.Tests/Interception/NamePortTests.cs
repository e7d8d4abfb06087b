using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Interception;
using Warp.Node.Names;
using Warp.Node.Routing;
using Warp.Node.Tests.Interception.Bed;
using Warp.Node.Tests.Names;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

/// <summary>The name server is port 53 of a bridge's gateway, for that bridge.</summary>
public sealed class NamePortTests
{
    private const string ShopGateway = "10.208.1.1";
    private const string BlogGateway = "10.208.2.1";
    private const int Dns = 53;
    private const int Own = 15053;

    public static TheoryData<bool> BridgeNetfilter => BridgeNetfilterSettings;

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task Each_bridge_asks_its_own_gateway_and_hears_of_its_own_services(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        await using var names = StartNames(bed);

        (await AskAsync(bed.App, ShopGateway, "db.warp")).ShouldBe(DnsOutcome.Done);
        (await AskAsync(bed.App, ShopGateway, "web.warp")).ShouldBe(DnsOutcome.NoSuchName);
        (await AskAsync(bed.Web, BlogGateway, "web.warp")).ShouldBe(DnsOutcome.Done);
        (await AskAsync(bed.Web, BlogGateway, "db.warp")).ShouldBe(DnsOutcome.NoSuchName);
    }

    [Theory]
    [MemberData(nameof(BridgeNetfilter))]
    public async Task Nobody_else_and_no_other_port_is_answered(bool bridgeNetfilter)
    {
        using var bed = new RunnerBed(bridgeNetfilter);
        await using var names = StartNames(bed);

        (await Dial.UdpAsync(bed.Web, ShopGateway, Dns)).ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.Web, ShopGateway, Dns)).Reached.ShouldBe(Reached.Refused);
        (await Dial.UdpAsync(bed.App, ShopGateway, Own)).ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.App, ShopGateway, Own)).Reached.ShouldBe(Reached.Refused);
        foreach (var address in new[] { ShopGateway, HostAddress })
        {
            (await Dial.UdpAsync(bed.Outside, address, Own)).ShouldBe(Reached.Refused);
            (await Dial.UdpAsync(bed.Outside, address, Dns)).ShouldBe(Reached.Refused);
        }
    }

    [Fact]
    public async Task Without_the_node_the_gateway_refuses_at_once_so_that_the_next_name_server_is_asked()
    {
        using var bed = new RunnerBed();

        (await Dial.UdpAsync(bed.App, ShopGateway, Dns)).ShouldBe(Reached.Refused);
        (await Dial.TcpAsync(bed.App, ShopGateway, Dns)).Reached.ShouldBe(Reached.Refused);
    }

    [Fact]
    public async Task A_container_that_floods_it_keeps_nobody_else_from_it()
    {
        using var bed = new RunnerBed(options: new InterceptionOptions { NameQuestionsPerSecond = 100 });
        await using var names = StartNames(bed);
        using var socket = bed.App.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        using var stop = new CancellationTokenSource();
        var query = Query.Of("db.warp");
        var flood = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _ = socket.SendTo(query, new IPEndPoint(IPAddress.Parse(ShopGateway), Dns));
            }
        });

        for (var i = 0; i < 20; i++)
        {
            (await AskAsync(bed.Db, ShopGateway, "db.warp")).ShouldBe(DnsOutcome.Done);
        }

        await stop.CancelAsync();
        await flood;
        (await bed.Rules.ReadGuardsAsync(CancellationToken.None)).Denied.GetValueOrDefault(GuardReason.NameFlood).ShouldBeGreaterThan(0);
    }

    private static NameServer StartNames(RunnerBed bed)
    {
        var routes = new RouteHolder(Routes.Self);
        routes.Publish(Routes.Of(Shop, Blog));
        var options = new NameServerOptions(new IPEndPoint(IPAddress.Any, Own), Ipv4Range.Parse("10.201.0.0/16"));
        var names = bed.Host.Run(() => new NameServer(options, routes, new HostResolvers(), NullLogger.Instance));
        names.Start().ShouldBeNull();
        return names;
    }

    private static async Task<DnsOutcome> AskAsync(NetworkNamespace from, string gateway, string name)
    {
        using var client = from.Run(() => new NameClient(IPAddress.Any, new IPEndPoint(IPAddress.Parse(gateway), Dns)));
        return (DnsOutcome)((await client.AskAsync(Query.Of(name)))[3] & 0x0F);
    }
}
