using Docker.DotNet.Models;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Node.Tests.Docker;

[Collection(EngineCollection.Name)]
public sealed class DockerVolumesTests(PrivateEngine engine) : EngineTestBase(engine)
{
    [Fact]
    public async Task A_volume_lives_from_create_to_remove_and_every_verb_may_be_repeated()
    {
        var changes = 0;
        using var watch = Volumes.Watch(() => changes++);

        var made = Value(await Volumes.CreateAsync("life", default));
        Value(await Volumes.CreateAsync("life", default)).EngineName.ShouldBe(made.EngineName);
        var seen = Value(await Volumes.InspectAsync("life", default));
        seen.Id.ShouldBe("life");
        seen.UsedBy.ShouldBeEmpty();
        seen.CreatedAt.ShouldNotBeNull();
        Value(await Volumes.ListAsync(default)).ShouldHaveSingleItem().Id.ShouldBe("life");

        _ = Value(await Volumes.RemoveAsync("life", default));
        _ = Value(await Volumes.RemoveAsync("life", default));
        (await Volumes.InspectAsync("life", default)).Failure!.Kind.ShouldBe(RuntimeFailureKind.NotFound);
        changes.ShouldBe(4);
    }

    [Fact]
    public async Task What_is_written_outlives_the_container_and_a_volume_in_use_is_not_removed()
    {
        _ = Value(await Volumes.CreateAsync("data", default));
        var writer = await RunAsync(await PlanAsync("db", "echo kept >/data/file") with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: false)] });
        await UntilEndedAsync(writer.ContainerId);

        var refused = (await Volumes.RemoveAsync("data", default)).Failure.ShouldNotBeNull();
        refused.Kind.ShouldBe(RuntimeFailureKind.Rejected);
        refused.Message.ShouldContain("shop/db#0@1");
        _ = Value(await Runtime.RemoveAsync(writer.ContainerId, default));

        var reader = await RunAsync(await PlanAsync("db", "cat /data/file; echo more >/data/file && echo written", 2) with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: true)] });
        await UntilEndedAsync(reader.ContainerId);
        var output = await OutputAsync(reader.ContainerId);
        output.ShouldContain("kept");
        output.ShouldNotContain("written");
    }

    [Fact]
    public async Task A_container_whose_volume_is_missing_is_not_made_and_the_command_that_makes_it_is_named()
    {
        var plan = await PlanAsync("db", "true") with { Volumes = [new VolumeNeed("nowhere", "/data", ReadOnly: false)] };

        var failure = (await Runtime.CreateAsync(plan, default)).Failure.ShouldNotBeNull();

        failure.Message.ShouldBe($"the volume 'nowhere' is not on {Options.Runner}; make it with 'warp volume create nowhere --runner {Options.Runner}'");
        Value(await Volumes.ListAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_volume_that_somebody_else_made_is_not_taken()
    {
        const string Name = "warp-test-foreign";
        await Engine.Client.Volumes.CreateAsync(new VolumesCreateParameters { Name = Name });
        try
        {
            (await Volumes.CreateAsync("foreign", default)).Failure.ShouldNotBeNull().Message.ShouldContain(Name);
            _ = Value(await Volumes.RemoveAsync("foreign", default));
            (await Engine.Client.Volumes.InspectAsync(Name)).Name.ShouldBe(Name);
        }
        finally
        {
            await Engine.Client.Volumes.RemoveAsync(Name);
        }
    }

    [Fact]
    public async Task Resources_reach_the_container()
    {
        var container = await RunAsync(await PlanAsync("app", "sleep 100") with { Resources = new ResourceLimits(MilliCpus: 250, MemoryBytes: 64 * 1024 * 1024) });

        var seen = await Engine.Client.Containers.InspectContainerAsync(container.ContainerId);

        seen.HostConfig.NanoCPUs.ShouldBe(250_000_000);
        seen.HostConfig.Memory.ShouldBe(64 * 1024 * 1024);
    }

    [Fact]
    public async Task Resources_that_the_host_does_not_have_are_named_with_what_to_change()
    {
        var plan = await PlanAsync("app", "sleep 100");
        (await Runtime.CreateAsync(plan with { Resources = new ResourceLimits(MilliCpus: 1_000_000) }, default)).Failure.ShouldNotBeNull().Message.ShouldContain("'resources.cpus'");
        (await Runtime.CreateAsync(plan with { Resources = new ResourceLimits(MemoryBytes: 1024) }, default)).Failure.ShouldNotBeNull().Message.ShouldContain("'resources.memory'");
    }
}
