using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Interception;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

public sealed class GuardReportTests
{
    [Fact]
    public async Task What_was_stopped_is_counted_by_reason_and_by_source_also_after_the_table_was_written_anew()
    {
        using var bed = new RunnerBed();
        await Dial.TcpAsync(bed.App, UnknownIst, Port);
        await Dial.TcpAsync(bed.App, "10.208.1.1", 8558);
        await Dial.UdpAsync(bed.Outside, DbIst, Port);

        var before = await ReadAsync(bed);
        before.Denied.ShouldBe([new(GuardReason.UnknownService, 1), new(GuardReason.HostPort, 1), new(GuardReason.ServiceFromOutside, 1)], ignoreOrder: true);
        before.Sources.ShouldBe(
            [new DeniedSource("warp-t1", Ipv4Address.Parse(AppAddress), 2), new DeniedSource(PortOf(bed.Outside), Ipv4Address.Parse("192.168.77.2"), 1)], ignoreOrder: true);

        bed.Host.Nft("insert rule inet warp to_range accept");
        (await bed.Rules.VerifyAsync(CancellationToken.None)).Repaired.ShouldNotBeNull();
        await Dial.TcpAsync(bed.App, UnknownIst, Port);

        (await ReadAsync(bed)).Denied[GuardReason.UnknownService].ShouldBe(2);
    }

    [Fact]
    public async Task Without_a_table_there_is_nothing_to_tell()
    {
        using var bed = new RunnerBed();
        await bed.Rules.RemoveAsync(CancellationToken.None);

        var report = await ReadAsync(bed);

        report.Denied.ShouldBeEmpty();
        report.Sources.ShouldBeEmpty();
    }

    private static Task<GuardReport> ReadAsync(RunnerBed bed) => bed.Rules.ReadGuardsAsync(CancellationToken.None);
}
