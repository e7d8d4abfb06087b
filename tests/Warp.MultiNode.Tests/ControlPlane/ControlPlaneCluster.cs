using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Microsoft.Extensions.Logging;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Warp.Lab.Databases;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.MultiNode.Tests.ControlPlane;

/// <summary>Three control nodes on one PostgreSQL database, the first of them the founder, and a runner. Each may be killed and started again.</summary>
internal sealed class ControlPlaneCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("warp-multinode-").FullName;
    private readonly LogLines _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly ImmutableArray<HostedNode> _control;

    private ControlPlaneCluster(string connectionString)
    {
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(_log));
        var first = new DataFolder(Path.Combine(_folder, "c1"));
        ClusterInitializer.Initialize(new InitRequest(first, "test", "c1", "127.0.0.1", FreePorts()), TimeProvider.System);
        ImmutableArray<string> shared = ["warp.cluster.control-nodes=3", "warp.persistence.provider=postgres", $"warp.persistence.connection-string={connectionString}"];
        _control = [new HostedNode(first, shared, _loggers), Join(first, "c2", control: true, shared), Join(first, "c3", control: true, shared)];
        Runner = Join(first, "r1", control: false, []);
    }

    public HostedNode Runner { get; }

    /// <summary>What all nodes logged.</summary>
    public string Log => _log.Text;

    public static async Task<ControlPlaneCluster> StartAsync(PostgresServer database, string name)
    {
        var cluster = new ControlPlaneCluster(await database.CreateDatabaseAsync(name));
        cluster.Start(0, 1, 2);
        cluster.Runner.Start();
        await cluster.UntilAllUpAsync();
        return cluster;
    }

    public HostedNode Control(int number) => _control[number];

    public void Start(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            _control[number].Start();
        }
    }

    public Task KillAsync(params int[] numbers) => Task.WhenAll(numbers.Select(number => _control[number].KillAsync()));

    public Task UntilAllUpAsync() => TestCluster.UntilAsync(() => Task.FromResult(_control.Add(Runner).All(node => node.ControlNodes == 3)), "three control nodes and the runner see each other");

    /// <summary>Sends a wish as a user does: again until somebody accepts it.</summary>
    public async Task<DeploymentAccepted> DeployAsync(string deployment, string image)
    {
        DeploymentAccepted? accepted = null;
        await TestCluster.UntilAsync(async () => (accepted = await TryDeployAsync(deployment, image) as DeploymentAccepted) is not null, $"{image} of {deployment} is accepted");
        return accepted!;
    }

    public Task<IWarpMessage?> TryDeployAsync(string deployment, string image)
    {
        var document = $$"""{ "services": [ { "name": "app", "image": "{{image}}" } ] }""";
        return TryAskAsync(new ApplyDeployment(SpecParser.Parse(DeploymentName.Parse(deployment), Encoding.UTF8.GetBytes(document)).Spec.ShouldNotBeNull()));
    }

    /// <summary>The answer that the runner gets, or null when none came within the time that the API waits.</summary>
    public async Task<IWarpMessage?> TryAskAsync(IDeploymentMessage question)
    {
        try
        {
            return await Runner.Actors.Deployments.Ask<IWarpMessage>(question, TimeSpan.FromSeconds(10));
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_control.Add(Runner).Select(node => node.DisposeAsync().AsTask()));
        _loggers.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static NodePorts FreePorts() => new(TestPorts.Next(), TestPorts.Next(), TestPorts.Next());

    private HostedNode Join(DataFolder first, string name, bool control, ImmutableArray<string> overrides)
    {
        var bundle = RunnerBundles.Add(new AddRunnerRequest(first, name, "127.0.0.1", control, FreePorts(), Path.Combine(_folder, $"{name}.bundle")), TimeProvider.System);
        var data = new DataFolder(Path.Combine(_folder, name));
        NodeJoiner.Join(new JoinRequest(data, bundle));
        return new HostedNode(data, overrides, _loggers);
    }
}
