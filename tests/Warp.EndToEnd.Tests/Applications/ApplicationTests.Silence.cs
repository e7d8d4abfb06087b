using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;

namespace Warp.EndToEnd.Tests.Applications;

/// <content>Connections on which nothing passes for long: begun before the first test, looked at after the others.</content>
[TestCaseOrderer(WaitsLast.TypeName, WaitsLast.AssemblyName)]
public sealed partial class ApplicationTests
{
    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    [Trait(WaitsLast.Trait, "silence")]
    public async Task C20_a_connection_that_was_idle_for_three_minutes_still_carries_data(Placement placement) =>
        (await servers.Silent.IdleAsync(placement)).Detail.ShouldBe("before and after");

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    [Trait(WaitsLast.Trait, "silence")]
    public async Task C24_ninety_seconds_after_the_client_has_finished_the_server_s_answer_still_arrives(Placement placement) =>
        (await servers.Silent.ClientFinishedAsync(placement)).Detail.ShouldBe("late");

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    [Trait(WaitsLast.Trait, "silence")]
    public async Task C24_ninety_seconds_after_the_server_has_finished_the_client_s_last_words_still_arrive(Placement placement) =>
        (await servers.Silent.ServerFinishedAsync(placement)).Detail.ShouldBe("bye, after the server finished");

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    [Trait(WaitsLast.Trait, "silence")]
    public async Task C21_PostgreSQL_a_listener_that_was_idle_all_the_time_hears_the_notification(Placement placement)
    {
        // As long as the longest silence, in which this connection was idle too.
        await servers.Silent.IdleAsync(placement);

        await RunAsync(placement, $"psql -q -h $WARP_IST_postgres -U postgres -c \"NOTIFY {placement}, 'wake up'\"");

        (await servers.ListenerAsync(placement)).Ensure().Output.ShouldBe("wake up\n");
    }

    [Fact]
    [Trait(WaitsLast.Trait, "silence")]
    public Task C25_a_server_whose_client_vanished_without_a_word_is_told() => Poll.UntilAsync(
        "the server has seen the end", TimeSpan.FromSeconds(90), async () => (await servers.Silent.ServerOfVanishedClientAsync()).Contains("ConnectionReset", StringComparison.Ordinal));
}
