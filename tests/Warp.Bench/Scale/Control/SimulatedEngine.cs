using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;

namespace Warp.Bench.Scale.Control;

/// <summary>A container engine in memory that has every image and does at once what it is asked.</summary>
/// <param name="isThere">Whether it answers; the control node of a measurement has none, so that nothing is placed on it.</param>
internal sealed class SimulatedEngine(bool isThere) : IContainerRuntime
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ObservedContainer> _containers = new(StringComparer.Ordinal);
    private readonly Dictionary<DeploymentName, BridgeNetwork> _networks = [];
    private uint _serial;

    public Task<RuntimeResult<EngineInfo>> PingAsync(CancellationToken cancellationToken) => Answer<EngineInfo>(() => new EngineInfo("simulated"));

    public Task<RuntimeResult<ImmutableArray<ObservedContainer>>> ListAsync(CancellationToken cancellationToken) =>
        Answer<ImmutableArray<ObservedContainer>>(() => ImmutableArray.CreateRange(_containers.Values));

    public Task<RuntimeResult<ObservedContainer>> InspectAsync(string containerId, CancellationToken cancellationToken) =>
        Answer(() => Find(containerId) is { } container ? (RuntimeResult<ObservedContainer>)container : NotThere(containerId));

    public Task<RuntimeResult<BridgeNetwork>> EnsureNetworkAsync(DeploymentName deployment, CancellationToken cancellationToken) => Answer<BridgeNetwork>(() =>
    {
        if (!_networks.TryGetValue(deployment, out var network))
        {
            // A /24 each, one after the other.
            var subnet = new Ipv4Range(new Ipv4Address(Ipv4Address.Parse("10.0.0.0").Bits + ((uint)_networks.Count << 8)), 24);
            network = new BridgeNetwork(deployment, $"n{++_serial}", $"warp-{_serial}", subnet, new Ipv4Address(subnet.Network.Bits + 1));
            _networks[deployment] = network;
        }

        return network;
    });

    public Task<RuntimeResult<ImmutableArray<BridgeNetwork>>> ListNetworksAsync(CancellationToken cancellationToken) =>
        Answer<ImmutableArray<BridgeNetwork>>(() => ImmutableArray.CreateRange(_networks.Values));

    public Task<RuntimeResult<Done>> RemoveNetworkAsync(DeploymentName deployment, CancellationToken cancellationToken) => Answer<Done>(() =>
    {
        _networks.Remove(deployment);
        return default(Done);
    });

    public Task<RuntimeResult<ImageInfo>> EnsureImageAsync(string image, PullPolicy pull, IProgress<string> progress, CancellationToken cancellationToken) =>
        Answer<ImageInfo>(() => new ImageInfo($"sha256:{image}", []));

    public Task<RuntimeResult<string>> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken) => Answer<string>(() =>
    {
        var id = $"c{++_serial}";
        _containers[id] = new ObservedContainer(plan.Instance, id, plan.SpecHash, Running: false, null, null, null, OutOfMemory: false, null);
        return id;
    });

    public Task<RuntimeResult<ObservedContainer>> StartAsync(string containerId, CancellationToken cancellationToken) => Answer(() =>
    {
        if (Find(containerId) is not { } container)
        {
            return NotThere(containerId);
        }

        var subnet = _networks[container.Instance.Deployment].Subnet;
        container = container with { Running = true, Address = new Ipv4Address(subnet.Network.Bits + 2 + (++_serial % 250)), StartedAt = DateTimeOffset.UnixEpoch };
        _containers[containerId] = container;
        return (RuntimeResult<ObservedContainer>)container;
    });

    public Task<RuntimeResult<Done>> StopAsync(string containerId, TimeSpan grace, CancellationToken cancellationToken) => Answer<Done>(() =>
    {
        if (Find(containerId) is { } container)
        {
            _containers[containerId] = container with { Running = false, Address = null, ExitCode = 0 };
        }

        return default(Done);
    });

    public Task<RuntimeResult<Done>> RemoveAsync(string containerId, CancellationToken cancellationToken) => Answer<Done>(() =>
    {
        _containers.Remove(containerId);
        return default(Done);
    });

    /// <summary>It is always there, and nothing happens to its containers that it was not asked for.</summary>
    public IDisposable Watch(Action<RuntimeEvent> onEvent) => Silence.Instance;

    private ObservedContainer? Find(string id) => _containers.GetValueOrDefault(id);

    private static RuntimeFailure NotThere(string id) => new(RuntimeFailureKind.NotFound, $"no such container: {id}");

    private Task<RuntimeResult<T>> Answer<T>(Func<RuntimeResult<T>> act)
    {
        lock (_gate)
        {
            return Task.FromResult(isThere ? act() : new RuntimeFailure(RuntimeFailureKind.EngineUnavailable, "no engine is simulated here"));
        }
    }
}
