using Akka.Actor;
using Shouldly;
using Warp.Cluster.Hosting;
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
