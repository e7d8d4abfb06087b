using Warp.Lab.Databases;
using Xunit;

namespace Warp.MultiNode.Tests.ControlPlane;

/// <summary>One database server and one cluster for all tests of a class.</summary>
public sealed class ThreeControlNodes : IAsyncLifetime
{
    private PostgresServer? _database;
    private ControlPlaneCluster? _cluster;

    public PostgresServer Database => _database!;

    internal ControlPlaneCluster Cluster => _cluster!;

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.StartAsync();
        _cluster = await ControlPlaneCluster.StartAsync(_database, "three");
    }

    public async Task DisposeAsync()
    {
        await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
