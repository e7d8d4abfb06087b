using Akka.Actor;
using Shouldly;
using Warp.Cluster.Hosting;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Xunit;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Tests.Membership;

/// <summary>A control node that is a runner too, with the shipped configuration and a real journal file.</summary>
public sealed class ClusterTrustActorTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly TemporarySqlite _sqlite = new();
    private TaskCompletionSource<ClusterTrust> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActorSystem? _system;

    private ActorSelection Directory => _system!.ActorSelection($"/user/{ActorNames.Directory}");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => StopAsync();

    public void Dispose() => _sqlite.Dispose();

    [Fact]
    public async Task A_removal_is_kept_told_to_every_runner_and_outlives_a_restart()
    {
        var door = await StartAsync();
        var removal = (await door.Ask<object>(new RemoveRunner(Sample.R2, Force: true), Patience)).ShouldBeOfType<RunnerRemoved>().Removal;
        removal.Runner.ShouldBe(Sample.R2);
        (await _told.Task.WaitAsync(Patience)).Removals.ShouldBe([removal]);
        await StopAsync();

        _told = new TaskCompletionSource<ClusterTrust>(TaskCreationOptions.RunContinuationsAsynchronously);
        await StartAsync();
        (await _told.Task.WaitAsync(Patience)).Removals.ShouldBe([removal]);
    }

    [Fact]
    public async Task A_drain_is_kept_known_to_the_directory_and_outlives_a_restart_until_it_is_ended()
    {
        var door = await StartAsync();
        (await door.Ask<object>(new DrainRunner(Sample.R2, 60), Patience)).ShouldBeOfType<TrustRefused>("nobody has heard of it");
        await ReportAsync(Sample.R2);
        await Poll(door, new DrainRunner(Sample.R2, 60), answer => answer is RunnerDrains);
        await DrainedAsync(Sample.R2, deadline: 60);
        await StopAsync();

        door = await StartAsync();
        await ReportAsync(Sample.R2);
        await DrainedAsync(Sample.R2, deadline: 60);
        (await door.Ask<RunnerDrains>(new UndrainRunner(Sample.R2), Patience)).Runners.ShouldBeEmpty();
        await DrainedAsync(Sample.R2, deadline: null);
    }

    [Fact]
    public async Task A_runner_that_is_removed_and_added_again_is_not_drained_any_more()
    {
        var door = await StartAsync();
        await ReportAsync(Sample.R2);
        await Poll(door, new DrainRunner(Sample.R2, 60), answer => answer is RunnerDrains);

        (await door.Ask<object>(new RemoveRunner(Sample.R2, Force: true), Patience)).ShouldBeOfType<RunnerRemoved>();

        (await door.Ask<ClusterTrust>(new GetClusterTrust(), Patience)).Drains!.Runners.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_runner_that_nobody_knows_is_not_removed_by_accident()
    {
        var door = await StartAsync();

        (await door.Ask<object>(new RemoveRunner(Sample.R2), Patience)).ShouldBeOfType<TrustRefused>().Reason.ShouldContain("'warp runners'");
    }

    [Fact]
    public async Task A_journal_that_does_not_take_it_is_named_and_nobody_is_removed()
    {
        var door = await StartAsync();
        (await door.Ask<object>(new RemoveRunner(Sample.R2), Patience)).ShouldBeOfType<TrustRefused>();
        _sqlite.Break();

        (await door.Ask<object>(new RemoveRunner(Sample.R2, Force: true), Patience)).ShouldBeOfType<TrustRefused>().Reason.ShouldContain("did not take the change");
        _told.Task.IsCompleted.ShouldBeFalse();
    }

    private async Task<IActorRef> StartAsync()
    {
        _system = ActorSystem.Create("warp", _sqlite.WithCluster);
        _system.ActorOf(Props.Create(() => new Runner(_told)), ActorNames.Runner);
        var actors = ClusterActors.Start(_system, new ClusterActorsOptions(Sample.Range));
        var cluster = AkkaCluster.Get(_system);
        cluster.Join(cluster.SelfAddress);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(up.SetResult);
        await up.Task.WaitAsync(Patience);
        return actors.Trust;
    }

    /// <summary>The runner's actor is a stranger here, which is enough for the directory.</summary>
    private async Task ReportAsync(RunnerId runner)
    {
        Directory.Tell(Sample.Status(runner));
        await Poll(Directory, new ListRunners(), answer => answer is RunnerList list && list.Runners.Any(view => view.Status.Runner == runner));
    }

    private Task DrainedAsync(RunnerId runner, int? deadline) => Poll(
        Directory, new ListRunners(), answer => answer is RunnerList list && list.Runners.Single(view => view.Status.Runner == runner).Drain?.DeadlineSeconds == deadline);

    private static async Task Poll(ICanTell actor, object question, Func<object, bool> isRight)
    {
        var end = DateTime.UtcNow + Patience;
        while (await actor.Ask<object>(question, Patience) is var answer && !isRight(answer))
        {
            (DateTime.UtcNow < end).ShouldBeTrue($"still {answer}");
            await Task.Delay(100);
        }
    }

    private async Task StopAsync()
    {
        if (_system is { } system)
        {
            _system = null;
            await system.Terminate();
        }
    }

    /// <summary>Notes what it is told of removals.</summary>
    private sealed class Runner : ReceiveActor
    {
        public Runner(TaskCompletionSource<ClusterTrust> told) => Receive<ClusterTrust>(trust => !trust.Removals.IsEmpty, trust => told.TrySetResult(trust));
    }
}
