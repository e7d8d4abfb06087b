using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Xunit;

namespace Warp.EndToEnd.Tests.Traffic;

/// <summary>A connection behaves as between two programs on one plain host, whichever way it takes.</summary>
[Collection(LabGroup.Name)]
public sealed class ConnectionTests(LabFixture lab)
{
    // "At once" with a busy machine of two cores in mind; a hang would be the peer's 20 s.
    private const long AtOnceMilliseconds = 5_000;

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task A_hundred_megabytes_pass_unchanged_each_way_at_the_same_time(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);

        var there = pair.AppToDbAsync("transfer", PeerPair.Port, "100000000");
        var back = pair.DbToAppAsync("transfer", PeerPair.Port, "100000000");

        (await there).Detail.ShouldBe("ok");
        (await back).Detail.ShouldBe("ok");
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task Five_hundred_connections_are_open_at_once(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);

        (await pair.AppToDbAsync("many", PeerPair.Port, "500")).Detail.ShouldBe("500 connections");
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task Either_end_may_speak_first(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);

        (await pair.AppToDbAsync("greeting", PeerPair.GreetingPort)).Detail.ShouldBe("hello");
        (await pair.AppToDbAsync("echo", PeerPair.Port, "client first")).Detail.ShouldBe("client first");
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task Either_end_may_finish_first_and_still_receive(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);

        // The echo comes to its end only after the client has finished sending.
        (await pair.AppToDbAsync("echo", PeerPair.Port, "client finished")).Detail.ShouldBe("client finished");
        (await pair.AppToDbAsync("half-close", PeerPair.Port, "after the server finished")).Detail.ShouldBe("bye, after the server finished");
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task A_reset_reaches_the_client_as_an_error_at_once(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);

        var result = await pair.AppToDbAsync("read", PeerPair.Port, "reset");

        result.Detail.ShouldBe("ConnectionReset");
        result.Milliseconds.ShouldBeLessThan(AtOnceMilliseconds);
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task A_closed_port_is_refused_at_once(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);

        var result = await pair.AppToDbAsync("read", PeerPair.ClosedPort, "who");

        result.Detail.ShouldBe("ConnectionRefused");
        result.Milliseconds.ShouldBeLessThan(AtOnceMilliseconds);
    }
}
