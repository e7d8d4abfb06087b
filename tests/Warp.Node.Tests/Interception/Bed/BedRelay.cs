using Microsoft.Extensions.Logging;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Node.Relay;
using Warp.Node.Routing;
using Warp.Node.Tests.Relay;

namespace Warp.Node.Tests.Interception.Bed;

/// <summary>The relay of the bed's host: its threads are inside the host's namespace.</summary>
internal sealed class BedRelay : IAsyncDisposable
{
    private readonly RunnerBed _bed;
    private readonly RouteHolder _routes = new(Routes.Self);
    private readonly ILoggerFactory _loggers;

    public BedRelay(RunnerBed bed, RelayOptions? options = null, bool readsQueue = true)
    {
        _bed = bed;
        _loggers = LoggerFactory.Create(builder => builder.AddProvider(Log));
        var credentials = new TestCredentials(new TestAuthority().Issue(Routes.Self.Value));
        Engine = new RelayEngine((options ?? new RelayOptions()) with { TunnelEndpoint = null }, _routes, credentials, _loggers) { SynQueue = readsQueue ? bed.DialFirst?.Queue : null };

        // A thread begins in the namespace of the one that starts it.
        bed.Host.Run(Engine.Start).Problem.ShouldBeNull();
    }

    public RelayEngine Engine { get; }

    public TestLog Log { get; } = new();

    /// <summary>Puts routes in force, then rules, as a runner does.</summary>
    public void Apply(params DeploymentRoutes[] deployments)
    {
        _routes.Publish(Routes.Of(deployments));
        _bed.Apply(deployments);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _loggers.Dispose();
        Log.Faults.ShouldBeEmpty();
    }
}
