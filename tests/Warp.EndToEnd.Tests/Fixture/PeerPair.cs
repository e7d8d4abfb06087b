using System.Globalization;
using Shouldly;
using Warp.Lab;
using Warp.Lab.Deployments;
using Warp.TestPeer;

namespace Warp.EndToEnd.Tests.Fixture;

/// <summary>A deployment of two test peers, <c>app</c> and <c>db</c>, that listen on the same ports.</summary>
public sealed class PeerPair : IAsyncDisposable
{
    /// <summary>A port that every pair listens on.</summary>
    public const string Port = "3211";

    /// <summary>A port where the server speaks first.</summary>
    public const string GreetingPort = "3212";

    /// <summary>A port that nobody listens on.</summary>
    public const string ClosedPort = "3213";

    private readonly LabDeployment _deployment;

    private PeerPair(LabDeployment deployment, LabContainer app, LabContainer db) => (_deployment, App, Db) = (deployment, app, db);

    public LabContainer App { get; private set; }

    public LabContainer Db { get; private set; }

    public string Name => _deployment.Name;

    public static Task<PeerPair> StartAsync(LabFixture fixture, Placement placement, params IReadOnlyList<string> morePorts) =>
        StartAsync(fixture, "r1", placement == Placement.OneRunner ? "r1" : "r2", morePorts);

    public static async Task<PeerPair> StartAsync(LabFixture fixture, string appRunner, string dbRunner, params IReadOnlyList<string> morePorts)
    {
        ArgumentNullException.ThrowIfNull(fixture);
        string[] ports = [Port, $"greet:{GreetingPort}", .. morePorts];
        var deployment = await LabDeployment.StartAsync(
            fixture.Lab, $"t-{Guid.NewGuid():n}"[..12], LabService.Peer("app", appRunner, ports), LabService.Peer("db", dbRunner, ports));
        var pair = new PeerPair(deployment, await deployment.ContainerAsync("app"), await deployment.ContainerAsync("db"));

        // Running is the process; a test begins when the program in it listens.
        await pair.WaitReachableAsync(TimeSpan.FromSeconds(30));
        return pair;
    }

    /// <summary>A command of the peer in app towards db.</summary>
    public static async Task<PeerResult> RunAsync(LabContainer from, params IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(from);
        var result = await from.PeerAsync(command);
        return result.Output.Trim().Length > 0 ? PeerResult.Parse(result.Output) : throw new LabException($"'{result.Command}': {result.Error}");
    }

    /// <summary>From app to db.</summary>
    public Task<PeerResult> AppToDbAsync(string command, params IReadOnlyList<string> arguments) => RunAsync(App, [command, "$WARP_IST_db", .. arguments]);

    /// <summary>From db to app.</summary>
    public Task<PeerResult> DbToAppAsync(string command, params IReadOnlyList<string> arguments) => RunAsync(Db, [command, "$WARP_IST_app", .. arguments]);

    /// <summary>Waits until both reach each other.</summary>
    public async Task WaitReachableAsync(TimeSpan timeout)
    {
        await Poll.UntilAsync($"app reaches db in {Name}", timeout, async () => (await AppToDbAsync("echo", Port, "there?")).Ok);
        await Poll.UntilAsync($"db reaches app in {Name}", timeout, async () => (await DbToAppAsync("echo", Port, "there?")).Ok);
    }

    /// <summary>Waits until both run, looks at their containers anew, and waits until they reach each other.</summary>
    public async Task WaitHealedAsync(TimeSpan timeout)
    {
        await Poll.UntilAsync($"{Name} is whole again", timeout, async () =>
        {
            await _deployment.WaitRunningAsync();
            (App, Db) = (await _deployment.ContainerAsync("app"), await _deployment.ContainerAsync("db"));
            return (await AppToDbAsync("echo", Port, "there?")).Ok && (await DbToAppAsync("echo", Port, "there?")).Ok;
        });
    }

    /// <summary>Waits until a connection to the port that every pair listens on is established at the container of db.</summary>
    public Task WaitConnectedAsync() =>
        Poll.UntilAsync($"a connection of db in {Name}", TimeSpan.FromSeconds(30), async () => await Db.CountConnectionsAsync(int.Parse(Port, CultureInfo.InvariantCulture)) > 0);

    /// <summary>Ids and start times of both containers, as the engines say: what must not change when nothing may be restarted.</summary>
    public async Task<string> ContainersAsync()
    {
        (await _deployment.StateAsync()).Services.Count.ShouldBe(2);
        return $"{App.Id} {await App.StartedAtAsync():O} {Db.Id} {await Db.StartedAtAsync():O}";
    }

    public ValueTask DisposeAsync() => _deployment.DisposeAsync();
}
