using Akka.Actor;
using Shouldly;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;
using Xunit;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Tests.Registries;

/// <summary>A control node that is a runner too, with the shipped configuration and a real journal file.</summary>
public sealed class RegistryLoginsActorTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly SealedLogin Login = new("registry.test:5000", "deploy", "c2VhbGVk", Sample.Noon);
    private readonly TemporarySqlite _sqlite = new();
    private readonly TaskCompletionSource<RegistryLogins> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActorSystem? _system;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => StopAsync();

    public void Dispose() => _sqlite.Dispose();

    [Fact]
    public async Task A_login_is_kept_replaced_and_forgotten_and_outlives_a_restart()
    {
        var door = await StartAsync();
        (await AskAsync(door, new KeepRegistryLogin(Login))).ShouldBeOfType<RegistryLogins>().Logins.ShouldBe([Login]);
        (await AskAsync(door, new KeepRegistryLogin(Login with { Username = "other" }))).ShouldBeOfType<RegistryLogins>().Logins.ShouldHaveSingleItem().Username.ShouldBe("other");
        (await AskAsync(door, new KeepRegistryLogin(Login with { Registry = "a.test" }))).ShouldBeOfType<RegistryLogins>().Logins.Select(login => login.Registry).ShouldBe(["a.test", Login.Registry]);
        (await AskAsync(door, new ForgetRegistryLogin("a.test"))).ShouldBeOfType<RegistryLogins>().Logins.Length.ShouldBe(1);
        (await AskAsync(door, new ForgetRegistryLogin("a.test"))).ShouldBe(new RegistryLoginUnknown("a.test"));
        await StopAsync();

        var again = await StartAsync();
        (await AskAsync(again, new ListRegistryLogins())).ShouldBeOfType<RegistryLogins>().Logins.ShouldBe([Login with { Username = "other" }]);
    }

    [Fact]
    public async Task Every_runner_is_told()
    {
        var door = await StartAsync();
        await AskAsync(door, new KeepRegistryLogin(Login));

        (await _told.Task.WaitAsync(Patience)).Logins.ShouldBe([Login]);
    }

    [Fact]
    public async Task A_journal_that_does_not_take_it_is_named_and_nothing_has_changed()
    {
        var door = await StartAsync();
        (await AskAsync(door, new ListRegistryLogins())).ShouldBeOfType<RegistryLogins>();
        _sqlite.Break();

        (await AskAsync(door, new KeepRegistryLogin(Login))).ShouldBeOfType<RegistryLoginRefused>().Reason.ShouldContain("did not take the change");
    }

    private static Task<object> AskAsync(IActorRef door, object message) => door.Ask<object>(message, Patience);

    private async Task<IActorRef> StartAsync()
    {
        _system = ActorSystem.Create("warp", _sqlite.WithCluster);
        _system.ActorOf(Props.Create(() => new Runner(_told)), ActorNames.RegistryLogins);
        var actors = ClusterActors.Start(_system, new ClusterActorsOptions(Sample.Range));
        var cluster = AkkaCluster.Get(_system);
        cluster.Join(cluster.SelfAddress);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(up.SetResult);
        await up.Task.WaitAsync(Patience);
        return actors.Registries;
    }

    private async Task StopAsync()
    {
        if (_system is { } system)
        {
            _system = null;
            await system.Terminate();
        }
    }

    private sealed class Runner : ReceiveActor
    {
        public Runner(TaskCompletionSource<RegistryLogins> told) =>
            Receive<RegistryLogins>(list => !list.Logins.IsEmpty, list => told.TrySetResult(list));
    }
}
