using System.Collections.Immutable;
using System.Diagnostics;
using Docker.DotNet.Models;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Node.Docker;
using Xunit;

namespace Warp.Node.Tests.Docker;

[Collection(EngineCollection.Name)]
public sealed class DockerRuntimeTests(PrivateEngine engine) : EngineTestBase(engine)
{
    [Fact]
    public async Task The_engine_says_its_version() => Value(await Runtime.PingAsync(default)).Version.ShouldNotBeEmpty();

    [Fact]
    public async Task A_container_lives_from_create_to_remove_and_every_verb_may_be_repeated()
    {
        var plan = await PlanAsync("app", "trap 'exit 7' TERM; while :; do sleep 0.05; done");

        var id = Value(await Runtime.CreateAsync(plan, default));
        Value(await Runtime.CreateAsync(plan, default)).ShouldBe(id);
        var created = Value(await Runtime.InspectAsync(id, default));
        created.ShouldBe(new ObservedContainer(plan.Instance, id, "hash-1", Running: false, null, null, null, OutOfMemory: false, ImagePort: 8080));

        var started = Value(await Runtime.StartAsync(id, default));
        var network = Value(await Runtime.EnsureNetworkAsync(Shop, default));
        started.Running.ShouldBeTrue();
        network.Subnet.Contains(started.Address.ShouldNotBeNull()).ShouldBeTrue();
        started.StartedAt.ShouldNotBeNull().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(20));
        Value(await Runtime.StartAsync(id, default)).ShouldBe(started);
        Value(await Runtime.CreateAsync(plan, default)).ShouldBe(id);
        Value(await Runtime.ListAsync(default)).ShouldBe([started]);

        _ = Value(await Runtime.StopAsync(id, TimeSpan.FromSeconds(10), default));
        _ = Value(await Runtime.StopAsync(id, TimeSpan.FromSeconds(10), default));
        var stopped = Value(await Runtime.InspectAsync(id, default));
        stopped.ShouldBe(started with { Running = false, Address = null, ExitCode = 7 });

        _ = Value(await Runtime.RemoveAsync(id, default));
        _ = Value(await Runtime.RemoveAsync(id, default));
        _ = Value(await Runtime.StopAsync(id, TimeSpan.Zero, default));
        (await Runtime.InspectAsync(id, default)).Failure!.Kind.ShouldBe(RuntimeFailureKind.NotFound);
        (await Runtime.StartAsync(id, default)).Failure!.Kind.ShouldBe(RuntimeFailureKind.NotFound);

        _ = Value(await Runtime.RemoveNetworkAsync(Shop, default));
        _ = Value(await Runtime.RemoveNetworkAsync(Shop, default));
        Value(await Runtime.ListNetworksAsync(default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_process_that_ignores_SIGTERM_is_killed_after_its_grace(int seconds)
    {
        var container = await RunAsync(await PlanAsync("app", "trap '' TERM; while :; do sleep 0.05; done"));
        var watch = Stopwatch.StartNew();

        _ = Value(await Runtime.StopAsync(container.ContainerId, TimeSpan.FromSeconds(seconds), default));

        watch.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(8));
        Value(await Runtime.InspectAsync(container.ContainerId, default)).ExitCode.ShouldBe(137);
    }

    [Fact]
    public async Task The_environment_and_the_hosts_reach_the_process()
    {
        var plan = await PlanAsync("app", "env; cat /etc/hosts");
        var container = await RunAsync(plan with
        {
            Environment = ImmutableSortedDictionary<string, string>.Empty.Add("WARP_IST_my-db", "10.201.0.2").Add("EMPTY", "").Add("LINES", "a=b c"),
            Args = ["env"],
        });
        _ = await UntilEndedAsync(container.ContainerId);
        var hosts = await RunAsync(plan with
        {
            Instance = plan.Instance with { Service = ServiceName.Parse("hosts") },
            Args = ["cat", "/etc/hosts"],
            Hosts = [new HostEntry("my-db.warp", Ipv4Address.Parse("10.201.0.2"))],
        });
        _ = await UntilEndedAsync(hosts.ContainerId);

        string[] expected = ["WARP_IST_my-db=10.201.0.2", "EMPTY=", "LINES=a=b c", "HOSTNAME=app"];
        (await OutputAsync(container.ContainerId)).Split('\n').Intersect(expected, StringComparer.Ordinal).Count().ShouldBe(expected.Length);
        (await OutputAsync(hosts.ContainerId)).ShouldContain("10.201.0.2\tmy-db.warp");
    }

    [Fact]
    public async Task A_container_has_no_raw_sockets_to_pass_for_another_one_and_no_rights_over_its_network()
    {
        const int netAdmin = 12;
        const int netRaw = 13;
        var container = await RunAsync(await PlanAsync("app", "grep CapBnd /proc/self/status"));
        _ = await UntilEndedAsync(container.ContainerId);

        var capabilities = Convert.ToUInt64((await OutputAsync(container.ContainerId)).Split(':', StringSplitOptions.TrimEntries)[1], fromBase: 16);

        (capabilities & ((1UL << netAdmin) | (1UL << netRaw))).ShouldBe(0UL);
        capabilities.ShouldNotBe(0UL);
    }

    [Fact]
    public async Task The_end_of_a_process_is_seen_with_its_exit_code()
    {
        var container = await RunAsync(await PlanAsync("app", "exit 42"));

        var ended = await UntilEndedAsync(container.ContainerId);

        ended.ExitCode.ShouldBe(42);
        ended.OutOfMemory.ShouldBeFalse();
        Value(await Runtime.StartAsync(ended.ContainerId, default)).StartedAt.ShouldNotBeNull().ShouldBeGreaterThan(ended.StartedAt!.Value);
    }

    [Fact]
    public async Task A_process_that_the_kernel_killed_for_memory_is_told_apart()
    {
        var id = Value(await Runtime.CreateAsync(await PlanAsync("app", "tail /dev/zero"), default));
        _ = await Engine.Client.Containers.UpdateContainerAsync(id, new ContainerUpdateParameters { Memory = 16 << 20, MemorySwap = 16 << 20 });

        // The engine hears of the end and of its cause in two events, and forgets the cause when it comes second: seldom, and not five times in a row.
        ObservedContainer ended;
        var starts = 0;
        do
        {
            _ = Value(await Runtime.StartAsync(id, default));
            ended = await UntilEndedAsync(id);
        }
        while (!ended.OutOfMemory && ++starts < 5);

        ended.OutOfMemory.ShouldBeTrue();
        ended.ExitCode.ShouldBe(137);
    }

    [Fact]
    public async Task A_program_that_is_not_in_the_image_is_refused_with_the_next_step()
    {
        var plan = await PlanAsync("app", "") with { Args = ["no-such-program"] };
        var id = Value(await Runtime.CreateAsync(plan, default));

        var failure = (await Runtime.StartAsync(id, default)).Failure.ShouldNotBeNull();

        failure.Kind.ShouldBe(RuntimeFailureKind.Rejected);
        failure.Message.ShouldContain("no-such-program");
        failure.Message.ShouldContain("Check the service's 'args'");
    }

    [Fact]
    public async Task A_container_of_another_spec_is_not_taken_for_the_wanted_one()
    {
        var plan = await PlanAsync("app", "sleep 100");
        _ = Value(await Runtime.CreateAsync(plan, default));

        (await Runtime.CreateAsync(plan with { SpecHash = "hash-2" }, default)).Failure!.Message.ShouldContain("another spec");
    }

    [Fact]
    public async Task A_container_whose_network_was_made_anew_is_made_anew()
    {
        var old = Value(await Runtime.CreateAsync(await PlanAsync("app", "sleep 100"), default));
        _ = Value(await Runtime.RemoveNetworkAsync(Shop, default));

        var started = await RunAsync(await PlanAsync("app", "sleep 100"));

        started.ContainerId.ShouldNotBe(old, StringComparer.Ordinal);
        started.Running.ShouldBeTrue();
    }

    [Fact]
    public async Task Containers_of_others_do_not_exist_for_this_runner()
    {
        var plan = await PlanAsync("app", "sleep 100");
        var foreign = await Engine.Client.Containers.CreateContainerAsync(new CreateContainerParameters { Image = PrivateEngine.Image, Name = "foreign" });
        using var neighbour = new DockerEngine(Options with { Runner = RunnerId.Parse("neighbour") });
        using var neighbours = new DockerRuntime(neighbour);
        var network = Value(await neighbours.EnsureNetworkAsync(Shop, default));
        var theirs = Value(await neighbours.CreateAsync(plan with { NetworkId = network.NetworkId }, default));
        try
        {
            var mine = Value(await Runtime.CreateAsync(plan, default));

            mine.ShouldNotBe(theirs, StringComparer.Ordinal);
            Value(await Runtime.ListAsync(default)).ShouldHaveSingleItem().ContainerId.ShouldBe(mine);
            Value(await Runtime.ListNetworksAsync(default)).ShouldHaveSingleItem().NetworkId.ShouldBe(plan.NetworkId);
            foreach (var id in (string[])[foreign.ID, theirs])
            {
                (await Runtime.InspectAsync(id, default)).Failure!.Kind.ShouldBe(RuntimeFailureKind.NotFound);
                (await Runtime.StartAsync(id, default)).Failure!.Kind.ShouldBe(RuntimeFailureKind.NotFound);
                _ = Value(await Runtime.RemoveAsync(id, default));
                (await Engine.Client.Containers.InspectContainerAsync(id)).ID.ShouldBe(id);
            }
        }
        finally
        {
            _ = Value(await neighbours.RemoveAsync(theirs, default));
            _ = Value(await neighbours.RemoveNetworkAsync(Shop, default));
            await Engine.Client.Containers.RemoveContainerAsync(foreign.ID, new());
        }
    }

    [Fact]
    public async Task A_new_node_process_finds_what_the_old_one_made()
    {
        var container = await RunAsync(await PlanAsync("app", "sleep 100"));
        using var connection = new DockerEngine(Options);
        using var successor = new DockerRuntime(connection);

        Value(await successor.ListAsync(default)).ShouldBe([container]);
        Value(await successor.EnsureNetworkAsync(Shop, default)).ShouldBe(Value(await Runtime.EnsureNetworkAsync(Shop, default)));
    }

    [Fact]
    public async Task Two_deployments_whose_container_names_run_together_both_get_one()
    {
        var plan = await PlanAsync("b-c", "sleep 100");
        var other = plan with { Instance = new InstanceId(DeploymentName.Parse("shop-b"), ServiceName.Parse("c"), 0, 1) };

        var first = Value(await Runtime.CreateAsync(plan, default));

        Value(await Runtime.CreateAsync(other, default)).ShouldNotBe(first, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("my db")]
    [InlineData("Größe & ß=\"$x\"")]
    [InlineData("数据库")]
    public async Task Any_service_name_can_be_run_and_found(string service)
    {
        var started = await RunAsync(await PlanAsync(service, "sleep 100"));

        Value(await Runtime.ListAsync(default)).ShouldBe([started]);
        started.Instance.Service.Value.ShouldBe(service);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_unavailable_and_the_next_step_is_named()
    {
        using var connection = new DockerEngine(Options with { Endpoint = new("unix:///nowhere/docker.sock") });
        using var runtime = new DockerRuntime(connection);

        var failure = (await runtime.ListAsync(default)).Failure.ShouldNotBeNull();

        failure.Kind.ShouldBe(RuntimeFailureKind.EngineUnavailable);
        failure.Message.ShouldContain("systemctl status docker");
    }
}
