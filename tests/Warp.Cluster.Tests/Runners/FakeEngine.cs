using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Tests.Runners;

/// <summary>A container engine in memory: it has state, sends events, gives addresses, loses the connection, and fails when told to.</summary>
internal sealed class FakeEngine : IContainerRuntime
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ObservedContainer> _containers = new(StringComparer.Ordinal);
    private readonly Dictionary<DeploymentName, BridgeNetwork> _networks = [];
    private readonly List<Action<RuntimeEvent>> _watchers = [];
    private readonly List<string> _calls = [];
    private readonly Dictionary<string, Queue<RuntimeFailure>> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource> _holds = new(StringComparer.Ordinal);
    private RuntimeFailure? _down;
    private int _serial;
    private DateTimeOffset _clock = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What the images expose; every image is there.</summary>
    public ImmutableArray<int> ExposedPorts { get; set; } = [];

    /// <summary>The plans that containers were made from.</summary>
    public List<ContainerPlan> Plans { get; } = [];

    /// <summary>Whether a container ends as soon as it is started.</summary>
    public int? EndsAtOnceWith { get; set; }

    public ImmutableArray<string> Calls => Locked(() => _calls.ToImmutableArray());

    public ImmutableArray<ObservedContainer> Containers => Locked(() => _containers.Values.ToImmutableArray());

    public ImmutableArray<BridgeNetwork> Networks => Locked(() => _networks.Values.ToImmutableArray());

    public int CallsOf(string verb) => Calls.Count(c => c.StartsWith(verb, StringComparison.Ordinal));

    /// <summary>The next calls of the verb fail, one for each failure.</summary>
    public void Fail(string verb, params RuntimeFailure[] failures) => Locked(() =>
    {
        foreach (var failure in failures)
        {
            Queue(verb).Enqueue(failure);
        }

        return true;
    });

    /// <summary>Calls of the verb do not answer until released.</summary>
    public TaskCompletionSource Hold(string verb) => Locked(() => _holds[verb] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Puts a container there, as an earlier process of the node left it.</summary>
    public ObservedContainer Put(InstanceId instance, string hash, bool running = true) => Locked(() =>
    {
        var id = $"c{++_serial}";
        var container = new ObservedContainer(instance, id, hash, running, running ? NextAddress() : null, _clock, running ? null : 0, false, null);
        _containers[id] = container;
        return container;
    });

    public BridgeNetwork PutNetwork(DeploymentName deployment) => Locked(() => MakeNetwork(deployment));

    /// <summary>Somebody kills it from outside.</summary>
    public void Kill(string id, int exitCode = 137, bool outOfMemory = false)
    {
        var instance = Locked(() =>
        {
            _containers[id] = _containers[id] with { Running = false, Address = null, ExitCode = exitCode, OutOfMemory = outOfMemory };
            return _containers[id].Instance;
        });
        Send(new RuntimeEvent.ContainerChanged(instance, id, "die"));
    }

    /// <summary>Somebody removes it from outside.</summary>
    public void Vanish(string id)
    {
        var instance = Locked(() =>
        {
            var was = _containers[id].Instance;
            _containers.Remove(id);
            return was;
        });
        Send(new RuntimeEvent.ContainerChanged(instance, id, "destroy"));
    }

    /// <summary>The engine stops: every container ends, and nothing answers.</summary>
    public void Stop()
    {
        Locked(() =>
        {
            _down = new RuntimeFailure(RuntimeFailureKind.EngineUnavailable, "connection refused");
            foreach (var (id, container) in _containers.ToList())
            {
                _containers[id] = container with { Running = false, Address = null, ExitCode = 137 };
            }

            return true;
        });
        Send(new RuntimeEvent.EngineLost("connection refused"));
    }

    public void ComeBack()
    {
        Locked(() => _down = null);
        Send(new RuntimeEvent.EngineConnected());
    }

    public void Send(RuntimeEvent happened)
    {
        foreach (var watcher in Locked(() => _watchers.ToList()))
        {
            watcher(happened);
        }
    }

    public Task<RuntimeResult<EngineInfo>> PingAsync(CancellationToken cancellationToken) => Answer("ping", "", () => (RuntimeResult<EngineInfo>)new EngineInfo("20.10.24"));

    public Task<RuntimeResult<ImmutableArray<ObservedContainer>>> ListAsync(CancellationToken cancellationToken) =>
        Answer("list", "", () => (RuntimeResult<ImmutableArray<ObservedContainer>>)_containers.Values.ToImmutableArray());

    public Task<RuntimeResult<ObservedContainer>> InspectAsync(string containerId, CancellationToken cancellationToken) =>
        Answer("inspect", containerId, () => _containers.TryGetValue(containerId, out var found) ? (RuntimeResult<ObservedContainer>)found : NotFound(containerId));

    public Task<RuntimeResult<BridgeNetwork>> EnsureNetworkAsync(DeploymentName deployment, CancellationToken cancellationToken) =>
        Answer("network", deployment.Value, () => (RuntimeResult<BridgeNetwork>)(_networks.GetValueOrDefault(deployment) ?? MakeNetwork(deployment)));

    public Task<RuntimeResult<ImmutableArray<BridgeNetwork>>> ListNetworksAsync(CancellationToken cancellationToken) =>
        Answer("networks", "", () => (RuntimeResult<ImmutableArray<BridgeNetwork>>)_networks.Values.ToImmutableArray());

    public Task<RuntimeResult<Done>> RemoveNetworkAsync(DeploymentName deployment, CancellationToken cancellationToken) => Answer("unnetwork", deployment.Value, () =>
    {
        if (_containers.Values.Any(c => c.Instance.Deployment == deployment))
        {
            return (RuntimeResult<Done>)new RuntimeFailure(RuntimeFailureKind.Rejected, "network has active endpoints");
        }

        _networks.Remove(deployment);
        return new Done();
    });

    public Task<RuntimeResult<ImageInfo>> EnsureImageAsync(string image, PullPolicy pull, IProgress<string> progress, CancellationToken cancellationToken)
    {
        progress.Report($"pulling {image}");
        return Answer("image", $"{image} {pull}", () => (RuntimeResult<ImageInfo>)new ImageInfo("sha256:1", ExposedPorts));
    }

    public Task<RuntimeResult<string>> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken) => Answer("create", plan.Instance.ToString(), () =>
    {
        Plans.Add(plan);
        var there = _containers.Values.FirstOrDefault(c => c.Instance == plan.Instance);
        if (there is not null)
        {
            return (RuntimeResult<string>)there.ContainerId;
        }

        var id = $"c{++_serial}";
        _containers[id] = new ObservedContainer(plan.Instance, id, plan.SpecHash, false, null, null, null, false, ExposedPorts is [var port] ? port : null);
        return id;
    });

    public Task<RuntimeResult<ObservedContainer>> StartAsync(string containerId, CancellationToken cancellationToken) => Answer("start", containerId, () =>
    {
        if (!_containers.TryGetValue(containerId, out var container))
        {
            return (RuntimeResult<ObservedContainer>)NotFound(containerId);
        }

        if (!container.Running)
        {
            _clock += TimeSpan.FromSeconds(1);
            container = EndsAtOnceWith is { } code
                ? container with { StartedAt = _clock, ExitCode = code }
                : container with { Running = true, Address = NextAddress(), StartedAt = _clock, ExitCode = null, OutOfMemory = false };
            _containers[containerId] = container;
        }

        return container;
    });

    public Task<RuntimeResult<Done>> StopAsync(string containerId, TimeSpan grace, CancellationToken cancellationToken) => Answer("stop", $"{containerId} {grace.TotalSeconds}", () =>
    {
        if (_containers.TryGetValue(containerId, out var container))
        {
            _containers[containerId] = container with { Running = false, Address = null, ExitCode = 0 };
        }

        return (RuntimeResult<Done>)new Done();
    });

    public Task<RuntimeResult<Done>> RemoveAsync(string containerId, CancellationToken cancellationToken) => Answer("remove", containerId, () =>
    {
        _containers.Remove(containerId);
        return (RuntimeResult<Done>)new Done();
    });

    public IDisposable Watch(Action<RuntimeEvent> onEvent)
    {
        Locked(() =>
        {
            _watchers.Add(onEvent);
            return true;
        });
        return new Unwatch(() => Locked(() => _watchers.Remove(onEvent)));
    }

    private async Task<RuntimeResult<T>> Answer<T>(string verb, string argument, Func<RuntimeResult<T>> act)
    {
        var hold = Locked(() =>
        {
            _calls.Add($"{verb} {argument}");
            return _holds.GetValueOrDefault(verb);
        });
        await Task.Yield();
        if (hold is not null)
        {
            await hold.Task.ConfigureAwait(false);
        }

        return Locked(() => (_down ?? (Queue(verb).TryDequeue(out var failure) ? failure : null)) is { } failed ? failed : act());
    }

    private Queue<RuntimeFailure> Queue(string verb) => _failures.TryGetValue(verb, out var queue) ? queue : _failures[verb] = new Queue<RuntimeFailure>();

    private BridgeNetwork MakeNetwork(DeploymentName deployment) => _networks[deployment] = new BridgeNetwork(
        deployment, $"n{++_serial}", $"warp-{deployment}", Ipv4Range.Parse("172.30.0.0/24"), Ipv4Address.Parse("172.30.0.1"));

    private Ipv4Address NextAddress() => new(Ipv4Address.Parse("172.30.0.10").Bits + (uint)++_serial);

    private static RuntimeFailure NotFound(string id) => new(RuntimeFailureKind.NotFound, $"no such container: {id}");

    private T Locked<T>(Func<T> act)
    {
        lock (_gate)
        {
            return act();
        }
    }

    private sealed class Unwatch(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
