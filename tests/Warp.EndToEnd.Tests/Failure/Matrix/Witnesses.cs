using System.Collections.Concurrent;
using System.Globalization;
using Warp.Lab;
using Warp.Lab.Deployments;
using Warp.TestPeer;

namespace Warp.EndToEnd.Tests.Failure.Matrix;

/// <summary>
/// The service <c>db</c> on r2, and two that hold connections to it and make new ones all the time: <c>near</c> on the same runner and <c>far</c> on r3. What a failure costs is read from them.
/// </summary>
public sealed class Witnesses : IAsyncDisposable
{
    /// <summary>How many connections each of them holds open.</summary>
    public const int Held = 20;

    private const string Port = "3211";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly ConcurrentDictionary<string, LabContainer> _known = new(StringComparer.Ordinal);

    private Witnesses(LabDeployment deployment) => Deployment = deployment;

    /// <summary>The deployment of all three.</summary>
    public LabDeployment Deployment { get; }

    /// <summary>Deploys them and waits until they hold their connections.</summary>
    public static async Task<Witnesses> StartAsync(WarpLab lab)
    {
        var witnesses = new Witnesses(await LabDeployment.StartAsync(lab, "witness", LabService.Peer("db", "r2", Port), Watching("near", "r2"), Watching("far", "r3")));
        await witnesses.SettleAsync();
        return witnesses;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Deployment.DisposeAsync();

    /// <summary>Lets something fail and heal, waits until all is well again, and says what it cost.</summary>
    /// <param name="failure">What fails, for the table.</param>
    /// <param name="failAndHeal">Ends when nothing is broken any more.</param>
    public async Task<FailureCost> CostAsync(string failure, Func<Task> failAndHeal)
    {
        ArgumentNullException.ThrowIfNull(failAndHeal);
        var before = await SettleAsync();
        var (containers, begin) = (await ContainersAsync(), DateTimeOffset.UtcNow);
        await failAndHeal();
        var after = await SettleAsync();
        var now = await ContainersAsync();
        return new FailureCost(
            failure,
            Cost(before.Near, after.Near, begin),
            Cost(before.Far, after.Far, begin),
            containers.Count(container => !now.Contains(container, StringComparer.Ordinal)));
    }

    /// <summary>Waits the same way, by the containers that were there last: nobody can be asked for them.</summary>
    public Task SettleWithoutControlAsync() => SettleAsync(find: name => Task.FromResult(_known[name]));

    private static PathCost Cost(WitnessCounts before, WitnessCounts after, DateTimeOffset begin) =>
        new(after.LongestOutageSince(begin), after.Lost - before.Lost, after.Lost == before.Lost ? null : after.FirstLoss);

    private static LabService Watching(string name, string runner) => new(
        name, "warp-test-peer:latest", runner, ["witness", "$WARP_IST_db", Port, Held.ToString(CultureInfo.InvariantCulture)])
    {
        Public = false,
    };

    /// <summary>Waits until both hold all of their connections and new ones come about as fast as they are made.</summary>
    private Task<(WitnessCounts Near, WitnessCounts Far)> SettleAsync() => SettleAsync(FindAsync);

    private static async Task<(WitnessCounts Near, WitnessCounts Far)> SettleAsync(Func<string, Task<LabContainer>> find) => (await SettleAsync("near", find), await SettleAsync("far", find));

    private static async Task<WitnessCounts> SettleAsync(string witness, Func<string, Task<LabContainer>> find)
    {
        WitnessCounts? first = null;
        return await Poll.UntilAsync($"{witness} holds {Held} connections and makes new ones", Patience, async () =>
        {
            var container = await find(witness);
            var now = WitnessCounts.Parse((await container.Runner.DockerAsync("logs", "--tail", "2", container.Id)).Output);
            first ??= now.At > DateTimeOffset.UnixEpoch ? now : null;
            return now.Open == Held && now.Connected > first?.Connected + 20 ? now : null;
        });
    }

    private async Task<LabContainer> FindAsync(string service) => _known[service] = await Deployment.ContainerAsync(service);

    private async Task<IReadOnlyList<string>> ContainersAsync()
    {
        var containers = await Task.WhenAll(new[] { "db", "near", "far" }.Select(FindAsync));
        return await Task.WhenAll(containers.Select(async container => $"{container.Id} {(await container.StartedAtAsync()).ToString("O", CultureInfo.InvariantCulture)}"));
    }
}
