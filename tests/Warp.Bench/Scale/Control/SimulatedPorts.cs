using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Registries;
using Warp.Cluster.Runners;
using Warp.Cluster.Tunnels;
using Warp.Node.Configuration;
using Warp.Node.Routing;
using Warp.Node.Runners;

namespace Warp.Bench.Scale.Control;

/// <summary>A runner's ports without a host beneath: engine, kernel and peers' tunnels are simulated; the files of assignments and the route table are the real ones.</summary>
internal static class SimulatedPorts
{
    /// <param name="settings">Of the node.</param>
    /// <param name="withEngine">Whether containers can be placed on it.</param>
    internal static RunnerPorts Make(WarpSettings settings, bool withEngine)
    {
        var kernel = new Kernel();
        return new RunnerPorts(
            new SimulatedEngine(withEngine),
            new RouteHolder(settings.Node.Runner),
            kernel,
            new FileAssignmentStore(settings.Data.AssignmentsFolder),
            new Links(),
            kernel,
            kernel,
            new NoVolumes());
    }

    /// <summary>Rules are in force at once, every container is well, and nobody has a connection.</summary>
    private sealed class Kernel : IRuleSet, IHealthProbe, IConnectionCounter
    {
        public Task<RuleSetOutcome> ApplyAsync(RunnerRoutes routes, CancellationToken cancellationToken) => Task.FromResult(new RuleSetOutcome(null, null));

        public Task<RuleSetOutcome> VerifyAsync(CancellationToken cancellationToken) => Task.FromResult(new RuleSetOutcome(null, null));

        public Task<ProbeResult> ProbeAsync(ProbeTarget target, Probe probe, TimeSpan timeout, CancellationToken cancellationToken) => Task.FromResult(new ProbeResult(true, "simulated"));

        public Task<ConnectionCounts> CountAsync(ImmutableArray<Ipv4Address> containers, CancellationToken cancellationToken) =>
            Task.FromResult(new ConnectionCounts(containers.ToImmutableDictionary(address => address, _ => 0), null));
    }

    private sealed class NoVolumes : IContainerVolumes
    {
        private static readonly RuntimeFailure None = new(RuntimeFailureKind.NotFound, "no volumes are simulated");

        public Task<RuntimeResult<ImmutableArray<VolumeInfo>>> ListAsync(CancellationToken cancellationToken) =>
            Task.FromResult((RuntimeResult<ImmutableArray<VolumeInfo>>)ImmutableArray<VolumeInfo>.Empty);

        public Task<RuntimeResult<VolumeInfo>> InspectAsync(string id, CancellationToken cancellationToken) => Task.FromResult((RuntimeResult<VolumeInfo>)None);

        public Task<RuntimeResult<VolumeInfo>> CreateAsync(string id, CancellationToken cancellationToken) => Task.FromResult((RuntimeResult<VolumeInfo>)None);

        public Task<RuntimeResult<Done>> RemoveAsync(string id, CancellationToken cancellationToken) => Task.FromResult((RuntimeResult<Done>)None);

        public IDisposable Watch(Action onChanged) => Silence.Instance;
    }

    /// <summary>Each peer is reached at the first attempt and never lost.</summary>
    private sealed class Links : ITunnelLinks
    {
        public ITunnelLink Ensure(Peer peer) => new Link();
    }

    private sealed class Link : ITunnelLink
    {
        private Action<int> _onChanged = _ => { };
        private int _trunks;

        public Task<TrunkOutcome> OpenTrunkAsync(CancellationToken cancellationToken)
        {
            _onChanged(++_trunks);
            return Task.FromResult(new TrunkOutcome(null));
        }

        public void OnTrunksChanged(Action<int> openTrunks) => _onChanged = openTrunks;

        public LinkCounters Read() => new(_trunks, 0, 0, 0, "simulated");

        public void Drain() => _trunks = 0;

        public void Close() => _trunks = 0;
    }
}

/// <summary>Logins at registries that nobody asks for.</summary>
internal sealed class NoLogins : IRegistryLoginStore
{
    public Task SaveAsync(RegistryLogins logins, CancellationToken cancellationToken) => Task.CompletedTask;
}
