using System.Globalization;
using Shouldly;
using Warp.Cluster.Containers;
using Xunit;

namespace Warp.Node.Tests.Docker;

[Collection(EngineCollection.Name)]
public sealed class DockerLogsTests(PrivateEngine engine) : EngineTestBase(engine)
{
    private static readonly LogQuery s_everything = new(Follow: false, Tail: null, Since: null);

    [Fact]
    public async Task An_ended_container_shows_both_streams_and_the_tail_counts_lines()
    {
        var container = await UntilEndedAsync((await RunAsync(await PlanAsync("app", "echo one; echo two >&2; printf three"))).ContainerId);

        var lines = await AllAsync(container, s_everything);

        lines.Select(line => (line.Error, line.Text)).ShouldBe([(false, "one"), (true, "two"), (false, "three")], ignoreOrder: true);
        lines.ShouldAllBe(line => line.Time > container.StartedAt!.Value.AddSeconds(-5) && line.Time <= DateTimeOffset.UtcNow);
        (await AllAsync(container, s_everything with { Tail = 1 })).ShouldHaveSingleItem();
        (await AllAsync(container, s_everything with { Tail = 0 })).ShouldBeEmpty();
        (await AllAsync(container, s_everything with { Since = DateTimeOffset.UtcNow.AddMinutes(1) })).ShouldBeEmpty();
        (await AllAsync(container, s_everything with { Follow = true })).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_long_line_and_many_lines_come_whole()
    {
        var script = "seq 1 5000; head -c 40000 /dev/zero | tr '\\0' x; echo; echo end";
        var container = await UntilEndedAsync((await RunAsync(await PlanAsync("app", script))).ContainerId);

        var lines = await AllAsync(container, s_everything);

        lines.Take(5000).Select(line => line.Text).ShouldBe(Enumerable.Range(1, 5000).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        lines[5000].Text.ShouldBe(new string('x', 40000));
        lines[5001].Text.ShouldBe("end");
    }

    [Theory]
    [InlineData("i=0; while :; do echo $i; i=$((i+1)); sleep 0.1; done", 5)]
    [InlineData("sleep 100", 0)]
    public async Task A_followed_log_shows_a_line_when_it_is_written_and_ends_when_cancelled(string script, int lines)
    {
        var container = await RunAsync(await PlanAsync("app", script));
        var output = Value(await Logs.OpenLogsAsync(container.ContainerId, s_everything with { Follow = true }, default));
        using var cancel = new CancellationTokenSource(lines == 0 ? TimeSpan.FromMilliseconds(300) : TimeSpan.FromSeconds(30));
        var seen = new List<string>();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var line in output.Lines.WithCancellation(cancel.Token))
            {
                seen.Add(line.Text);
                if (seen.Count == lines)
                {
                    await cancel.CancelAsync();
                }
            }
        });

        seen.ShouldBe(Enumerable.Range(0, lines).Select(i => i.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_followed_log_ends_with_its_container()
    {
        var container = await RunAsync(await PlanAsync("app", "echo begun; sleep 100"));
        var output = Value(await Logs.OpenLogsAsync(container.ContainerId, s_everything with { Follow = true }, default));
        var seen = new List<string>();

        await foreach (var line in output.Lines)
        {
            seen.Add(line.Text);
            await Engine.Client.Containers.KillContainerAsync(container.ContainerId, new());
        }

        seen.ShouldBe(["begun"]);
    }

    [Fact]
    public async Task A_container_that_is_not_ours_has_no_log()
    {
        var foreign = await Engine.Client.Containers.CreateContainerAsync(new() { Image = PrivateEngine.Image });

        (await Logs.OpenLogsAsync(foreign.ID, s_everything, default)).Failure!.Kind.ShouldBe(RuntimeFailureKind.NotFound);

        await Engine.Client.Containers.RemoveContainerAsync(foreign.ID, new());
    }

    private async Task<List<LogLine>> AllAsync(ObservedContainer container, LogQuery query)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var lines = new List<LogLine>();
        await foreach (var line in Value(await Logs.OpenLogsAsync(container.ContainerId, query, limit.Token)).Lines)
        {
            lines.Add(line);
        }

        return lines;
    }
}
