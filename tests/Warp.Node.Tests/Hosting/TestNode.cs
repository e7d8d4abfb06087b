using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Warp.Node.Configuration;
using Warp.Node.Hosting;
using Warp.Node.Security;

namespace Warp.Node.Tests.Hosting;

/// <summary>One node's cluster side in this process, on loopback, with a data folder of its own.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly ActorSystemHost _host;

    private TestNode(DataFolder data, params string[] settings)
    {
        Data = data;
        Settings = SettingsLoader.Load(new SettingsSources(
            data, null, new Dictionary<string, string>(StringComparer.Ordinal),
            [
                "warp.node.bind-address=127.0.0.1",
                "akka.cluster.seed-node-timeout=1s",
                .. settings,
            ]));
        _host = new ActorSystemHost(
            Settings, new FileCredentialSource(data, Settings.Node), (system, _) => new ClusterHandles(system, ActorRefs.Nobody, ActorRefs.Nobody, ActorRefs.Nobody), Access, NullLoggerFactory.Instance);
    }

    public DataFolder Data { get; }

    public WarpSettings Settings { get; }

    public ClusterAccess Access { get; } = new();

    public ActorSystemHost Host => _host;

    public ActorSystem System => Access.Current.ShouldNotBeNull().System;

    public int MembersUp => Access.Current is { } now ? Akka.Cluster.Cluster.Get(now.System).State.Members.Count(member => member.Status == MemberStatus.Up) : 0;

    public static TestNode Founder(string folder)
    {
        var data = new DataFolder(folder);
        ClusterInitializer.Initialize(new InitRequest(data, "test", "alpha", "127.0.0.1", FreePorts()), TimeProvider.System);
        return new TestNode(data);
    }

    public TestNode Joined(string name)
    {
        var bundle = RunnerBundles.Add(
            new AddRunnerRequest(Data, name, "127.0.0.1", Control: false, FreePorts(), Path.Combine(Data.Root, name)), TimeProvider.System);
        var data = new DataFolder($"{Data.Root}-{name}");
        NodeJoiner.Join(new JoinRequest(data, bundle));
        return new TestNode(data);
    }

    /// <summary>The same machine after a restart of the process.</summary>
    public TestNode Again() => new(Data);

    /// <summary>Ends without a word to the cluster, as a kill would.</summary>
    public async Task AbortAsync()
    {
        await System.Terminate();
        await _host.StopAsync(TimeSpan.Zero);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    public static NodePorts FreePorts() => new(TestPorts.Next(), TestPorts.Next(), TestPorts.Next());
}
