using System.Threading.Channels;
using Docker.DotNet.Models;
using Shouldly;
using Warp.Cluster.Containers;
using Xunit;

namespace Warp.Node.Tests.Docker;

[Collection(EngineCollection.Name)]
public sealed class DockerWatchTests(PrivateEngine engine) : EngineTestBase(engine)
{
    private readonly Channel<RuntimeEvent> _events = Channel.CreateUnbounded<RuntimeEvent>();

    [Fact]
    public async Task A_start_and_a_kill_are_seen_and_what_is_foreign_is_not()
    {
        using var watch = Runtime.Watch(e => _events.Writer.TryWrite(e));
        (await NextAsync()).ShouldBeOfType<RuntimeEvent.EngineConnected>();
        var foreign = await Engine.Client.Containers.CreateContainerAsync(new CreateContainerParameters { Image = PrivateEngine.Image });
        await Engine.Client.Containers.RemoveContainerAsync(foreign.ID, new());

        var container = await RunAsync(await PlanAsync("app", "sleep 100"));
        await Engine.Client.Containers.KillContainerAsync(container.ContainerId, new());
        _ = Value(await Runtime.RemoveAsync(container.ContainerId, default));

        foreach (var action in (string[])["create", "start", "die", "destroy"])
        {
            (await NextAsync()).ShouldBe(new RuntimeEvent.ContainerChanged(container.Instance, container.ContainerId, action));
        }
    }

    [Fact]
    public async Task A_dockerd_that_restarts_is_lost_and_found_again()
    {
        using var watch = Runtime.Watch(e => _events.Writer.TryWrite(e));
        (await NextAsync()).ShouldBeOfType<RuntimeEvent.EngineConnected>();

        await Engine.StopAsync();
        (await NextAsync()).ShouldBeOfType<RuntimeEvent.EngineLost>().Message.ShouldContain("dockerd");
        await UntilAsync(() => Runtime.PingAsync(default), ping => ping.Failure?.Kind == RuntimeFailureKind.EngineUnavailable);
        await Engine.StartAsync();
        (await NextAsync()).ShouldBeOfType<RuntimeEvent.EngineConnected>();

        var container = await RunAsync(await PlanAsync("app", "sleep 100"));
        (await NextAsync()).ShouldBe(new RuntimeEvent.ContainerChanged(container.Instance, container.ContainerId, "create"));
    }

    [Fact]
    public async Task A_watch_that_was_disposed_is_silent()
    {
        var watch = Runtime.Watch(e => _events.Writer.TryWrite(e));
        (await NextAsync()).ShouldBeOfType<RuntimeEvent.EngineConnected>();
        watch.Dispose();
        using var second = Runtime.Watch(_ => { });

        _ = await RunAsync(await PlanAsync("app", "sleep 100"));

        _events.Reader.TryRead(out _).ShouldBeFalse();
    }

    private async Task<RuntimeEvent> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _events.Reader.ReadAsync(limit.Token);
    }
}
