using System.Collections.Concurrent;
using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Warp.Cluster.Tunnels;

namespace Warp.Cluster.Tests.Runners;

/// <summary>A disk in memory.</summary>
internal sealed class FakeStore : IAssignmentStore
{
    public ConcurrentDictionary<DeploymentName, Assignment> Kept { get; } = new();

    public ConcurrentDictionary<DeploymentName, PublicRoutes> Public { get; } = new();

    public PeerList Peers { get; set; } = new([]);

    public ConcurrentQueue<Exception> Failures { get; } = new();

    public Task<StoredAssignments> LoadAsync(CancellationToken cancellationToken) => Task.FromResult(new StoredAssignments([.. Kept.Values], Peers, [], [.. Public.Values]));

    public Task SaveAsync(Assignment assignment, CancellationToken cancellationToken) => Do(() => Kept[assignment.Deployment] = assignment);

    public Task DeleteAsync(DeploymentName deployment, CancellationToken cancellationToken) => Do(() => Kept.TryRemove(deployment, out _));

    public Task SavePublicAsync(PublicRoutes routes, CancellationToken cancellationToken) => Do(() => Public[routes.Deployment] = routes);

    public Task DeletePublicAsync(DeploymentName deployment, CancellationToken cancellationToken) => Do(() => Public.TryRemove(deployment, out _));

    public Task SavePeersAsync(PeerList peers, CancellationToken cancellationToken) => Do(() => Peers = peers);

    private Task Do(Action act)
    {
        if (Failures.TryDequeue(out var failure))
        {
            return Task.FromException(failure);
        }

        act();
        return Task.CompletedTask;
    }
}

/// <summary>A kernel in memory.</summary>
internal sealed class FakeRules : IRuleSet
{
    public ConcurrentQueue<RunnerRoutes> Applied { get; } = new();

    public ConcurrentQueue<RuleSetOutcome> NextOutcomes { get; } = new();

    public ConcurrentQueue<RuleSetOutcome> NextVerifications { get; } = new();

    public int MostAtOnce { get; private set; }

    public TaskCompletionSource? Hold { get; set; }

    private int _now;

    public async Task<RuleSetOutcome> ApplyAsync(RunnerRoutes routes, CancellationToken cancellationToken)
    {
        Enter();
        if (Hold is { } hold)
        {
            await hold.Task.WaitAsync(cancellationToken);
        }

        Applied.Enqueue(routes);
        Interlocked.Decrement(ref _now);
        return NextOutcomes.TryDequeue(out var outcome) ? outcome : new RuleSetOutcome(null, null);
    }

    public async Task<RuleSetOutcome> VerifyAsync(CancellationToken cancellationToken)
    {
        Enter();
        await Task.Yield();
        Interlocked.Decrement(ref _now);
        return NextVerifications.TryDequeue(out var outcome) ? outcome : new RuleSetOutcome(null, null);
    }

    private void Enter() => MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
}

/// <summary>Keeps every snapshot that was published.</summary>
internal sealed class FakeRoutes : IRouteHolder
{
    private ImmutableArray<RunnerRoutes> _published = [];

    public ImmutableArray<RunnerRoutes> Published => _published;

    public RunnerRoutes? Last => _published.LastOrDefault();

    public void Publish(RunnerRoutes routes) => _published = _published.Add(routes);
}

/// <summary>An ingress in memory.</summary>
internal sealed class FakeIngress : IPublicRouteHolder
{
    private ImmutableArray<PublicRoutes> _published = [];
    private int _publications;

    public ImmutableArray<string> Problems { get; set; } = [];

    public ImmutableArray<PublicRoutes> Published => _published;

    public int Publications => Volatile.Read(ref _publications);

    public void Publish(ImmutableArray<PublicRoutes> routes)
    {
        _published = routes;
        Interlocked.Increment(ref _publications);
    }
}

/// <summary>The relay's links in memory.</summary>
internal sealed class FakeLinks : ITunnelLinks
{
    public ConcurrentDictionary<RunnerId, FakeLink> Links { get; } = new();

    public ITunnelLink Ensure(Peer peer)
    {
        var link = Links.GetOrAdd(peer.Runner, _ => new FakeLink());
        link.Peer = peer;
        return link;
    }
}

/// <summary>One link whose other end does what the test says.</summary>
internal sealed class FakeLink : ITunnelLink
{
    private Action<int> _onChanged = _ => { };
    private int _trunks;
    private int _dials;

    public Peer? Peer { get; set; }

    public int Dials => Volatile.Read(ref _dials);

    public bool Drained { get; private set; }

    public bool Closed { get; private set; }

    public string? Problem { get; set; }

    public int Streams { get; set; }

    public int Trunks
    {
        get => Volatile.Read(ref _trunks);
        set
        {
            Volatile.Write(ref _trunks, value);
            _onChanged(value);
        }
    }

    public async Task<TrunkOutcome> OpenTrunkAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _dials);
        await Task.Yield();
        if (Problem is { } problem)
        {
            return new TrunkOutcome(problem);
        }

        Trunks = Interlocked.Increment(ref _trunks);
        return new TrunkOutcome(null);
    }

    public void OnTrunksChanged(Action<int> openTrunks) => _onChanged = openTrunks;

    public LinkCounters Read() => new(Trunks, Streams, 0, 0, Trunks > 0 ? "TLS 1.3 AES_128_GCM_SHA256" : null);

    public void Drain() => Drained = true;

    public void Close()
    {
        Closed = true;
        _trunks = 0;
    }
}

/// <summary>Every container is as well as the test says.</summary>
internal sealed class FakeProbe : IHealthProbe
{
    private int _tries;

    public int Tries => Volatile.Read(ref _tries);

    /// <summary>What a try sees; asked each time.</summary>
    public Func<ProbeTarget, Probe, ProbeResult> See { get; set; } = (_, _) => new ProbeResult(true, "well");

    public async Task<ProbeResult> ProbeAsync(ProbeTarget target, Probe probe, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _tries);
        await Task.Yield();
        return See(target, probe);
    }
}

/// <summary>As many connections as the test says.</summary>
internal sealed class FakeConnections : IConnectionCounter
{
    private int _counts;

    /// <summary>Into every container.</summary>
    public int Open { get; set; }

    public string? Failure { get; set; }

    public int Counts => Volatile.Read(ref _counts);

    public async Task<ConnectionCounts> CountAsync(ImmutableArray<Ipv4Address> containers, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _counts);
        await Task.Yield();
        return Failure is { } failure
            ? new ConnectionCounts(ImmutableDictionary<Ipv4Address, int>.Empty, failure)
            : new ConnectionCounts(containers.ToImmutableDictionary(a => a, _ => Open), null);
    }
}

/// <summary>Volumes in memory.</summary>
internal sealed class FakeVolumes : IContainerVolumes
{
    private Action _onChanged = () => { };

    public ConcurrentDictionary<string, VolumeInfo> Present { get; } = new(StringComparer.Ordinal);

    public Task<RuntimeResult<ImmutableArray<VolumeInfo>>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<RuntimeResult<ImmutableArray<VolumeInfo>>>(Present.Values.OrderBy(v => v.Id, StringComparer.Ordinal).ToImmutableArray());

    public Task<RuntimeResult<VolumeInfo>> InspectAsync(string id, CancellationToken cancellationToken) => Task.FromResult<RuntimeResult<VolumeInfo>>(
        Present.TryGetValue(id, out var volume) ? volume : new RuntimeFailure(RuntimeFailureKind.NotFound, $"no volume '{id}'"));

    public Task<RuntimeResult<VolumeInfo>> CreateAsync(string id, CancellationToken cancellationToken)
    {
        var volume = Present.GetOrAdd(id, new VolumeInfo(id, $"warp-{id}", null, null, []));
        _onChanged();
        return Task.FromResult<RuntimeResult<VolumeInfo>>(volume);
    }

    public Task<RuntimeResult<Done>> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        Present.TryRemove(id, out _);
        _onChanged();
        return Task.FromResult<RuntimeResult<Done>>(new Done());
    }

    public IDisposable Watch(Action onChanged)
    {
        _onChanged = onChanged;
        return new Cancelled();
    }

    private sealed class Cancelled : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
