using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Warp.Lab.Images;
using Xunit;

namespace Warp.EndToEnd.Tests.Applications;

/// <summary>One deployment with all servers on r2, one client beside them and one on r1: whatever a client does has to be the same from both.</summary>
public sealed class ApplicationServers(LabFixture lab) : IAsyncLifetime
{
    private const string Image = "warp-applications:latest";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    // Each with its usual port, which nobody declared.
    private static readonly (string Name, int Port)[] Servers =
        [("postgres", 5432), ("mariadb", 3306), ("redis", 6379), ("ssh", 22), ("web", 80), ("mail", 25), ("files", 21), ("iperf", 5201)];

    private LabDeployment? _deployment;
    private LabContainer? _near;
    private LabContainer? _far;
    private SilentConnections? _silent;
    private Dictionary<Placement, Task<ToolResult>> _listeners = [];

    /// <summary>The client on the servers' runner, or the one on the other.</summary>
    public LabContainer Client(Placement placement) => placement == Placement.OneRunner ? _near! : _far!;

    /// <summary>Connections that were opened before the first test.</summary>
    public SilentConnections Silent => _silent!;

    /// <summary>A session of PostgreSQL that has waited for one notification since before the first test; ends with its payload.</summary>
    public Task<ToolResult> ListenerAsync(Placement placement) => _listeners[placement];

    /// <summary>The container of a server.</summary>
    public Task<LabContainer> ServerAsync(string name) => _deployment!.ContainerAsync(name);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        foreach (var archive in await ImageArchives.ApplicationsAsync())
        {
            await lab.Lab.LoadImageAsync(archive);
        }

        LabService[] services =
        [
            new("near", Image, "r2") { Public = false },
            new("far", Image, "r1") { Public = false },
            .. Servers.Select(server => new LabService(server.Name, Image, "r2", ["serve", server.Name]) { Public = false }),
        ];
        _deployment = await LabDeployment.StartAsync(lab.Lab, "applications", services);
        _near = await _deployment.ContainerAsync("near");
        _far = await _deployment.ContainerAsync("far");

        // On one runner a connect tells whether the server listens.
        var connects = string.Join('\n', Servers.Select(server => $"exec 3<> /dev/tcp/$WARP_IST_{server.Name}/{server.Port}"));
        await Poll.UntilAsync("every server listens", StartTime, async () => (await _near.BashAsync(connects)).Ensure().ExitCode == 0);
        await BeginSilenceAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var resource in (IAsyncDisposable?[])[_silent, _deployment])
        {
            await (resource?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task BeginSilenceAsync()
    {
        _silent = await SilentConnections.BeginAsync(lab);
        _listeners = Enum.GetValues<Placement>().ToDictionary(placement => placement, placement => Client(placement).BashAsync($"pg-listen $WARP_IST_postgres {placement}"));
        await Poll.UntilAsync("both sessions listen", StartTime, async () =>
            (await _near!.BashAsync("psql -At -h $WARP_IST_postgres -U postgres -c \"SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'\"")).Ensure().Output is "2\n");
    }
}
