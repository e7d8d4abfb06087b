using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Node.Docker;
using Xunit;

namespace Warp.Node.Tests.Docker;

/// <summary>A runner of its own for each test: what one test leaves on the engine does not exist for the next, and is removed at its end.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "xunit ends it with DisposeAsync of IAsyncLifetime.")]
public abstract class EngineTestBase : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static int s_runners;
    private readonly DockerEngine _connection;

    private protected EngineTestBase(PrivateEngine engine)
    {
        Engine = engine;
        Options = new DockerOptions("test", RunnerId.Parse($"runner-{Interlocked.Increment(ref s_runners)}")) { Endpoint = engine.Endpoint, RegistryCredentialsFile = null };
        _connection = new DockerEngine(Options);
        Runtime = new DockerRuntime(_connection, () => []);
        Logs = new DockerLogs(_connection);
        Volumes = new DockerVolumes(_connection);
        Exec = new DockerExec(_connection);
    }

    private protected PrivateEngine Engine { get; }

    private protected DockerOptions Options { get; }

    private protected DockerRuntime Runtime { get; }

    private protected DockerLogs Logs { get; }

    private protected DockerVolumes Volumes { get; }

    private protected DockerExec Exec { get; }

    private protected static DeploymentName Shop { get; } = DeploymentName.Parse("shop");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var container in Value(await Runtime.ListAsync(default)))
        {
            _ = Value(await Runtime.RemoveAsync(container.ContainerId, default));
        }

        foreach (var volume in Value(await Volumes.ListAsync(default)))
        {
            _ = Value(await Volumes.RemoveAsync(volume.Id, default));
        }

        foreach (var network in Value(await Runtime.ListNetworksAsync(default)))
        {
            _ = Value(await Runtime.RemoveNetworkAsync(network.Deployment, default));
        }

        Runtime.Dispose();
        _connection.Dispose();
    }

    private protected static T Value<T>(RuntimeResult<T> result)
    {
        result.Failure?.Message.ShouldBeNull();
        return result.Value!;
    }

    /// <summary>A plan for a container on the shop's network that runs a shell script.</summary>
    private protected async Task<ContainerPlan> PlanAsync(string service, string script, long generation = 1)
    {
        var network = Value(await Runtime.EnsureNetworkAsync(Shop, default));
        return new ContainerPlan(
            new InstanceId(Shop, ServiceName.Parse(service), 0, generation), network.NetworkId, PrivateEngine.Image, ["sh", "-c", script],
            ImmutableSortedDictionary<string, string>.Empty, [], "hash-1");
    }

    private protected async Task<ObservedContainer> RunAsync(ContainerPlan plan)
    {
        var id = Value(await Runtime.CreateAsync(plan, default));
        return Value(await Runtime.StartAsync(id, default));
    }

    private protected async Task<ObservedContainer> UntilEndedAsync(string containerId) =>
        await UntilAsync(async () => Value(await Runtime.InspectAsync(containerId, default)), container => !container.Running);

    private protected async Task<string> OutputAsync(string containerId)
    {
        var output = Value(await Logs.OpenLogsAsync(containerId, new LogQuery(Follow: false, Tail: null, Since: null), default));
        var lines = new List<string>();
        await foreach (var line in output.Lines)
        {
            lines.Add(line.Text);
        }

        return string.Join('\n', lines);
    }

    private protected static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isWanted)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (isWanted(seen))
            {
                return seen;
            }

            watch.Elapsed.ShouldBeLessThan(s_limit, $"last seen: {seen}");
            await Task.Delay(20);
        }
    }
}
