using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Runners;

/// <summary>Follows the container engine: passes on its events and takes inventories, one at a time, on a timer, when the engine comes back, and when somebody asks.</summary>
internal sealed class EngineActor : ReceiveActor, IWithTimers
{
    private const string EveryTimer = "every";
    private const string RetryTimer = "retry";
    private readonly IContainerRuntime _runtime;
    private readonly IContainerVolumes _volumes;
    private readonly RunnerOptions _options;
    private readonly EngineCalls _calls;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IDisposable[] _watches = [];
    private bool _underway;
    private bool _again;
    private bool _forAll;
    private bool? _answers;

    public EngineActor(IContainerRuntime runtime, IContainerVolumes volumes, RunnerOptions options)
    {
        (_runtime, _volumes, _options) = (runtime, volumes, options);
        _calls = new EngineCalls(Self, Context.System.Scheduler);
        Receive<TakeInventory>(m => Take(m.ForAll));
        Receive<Happened>(m => On(m.Event));
        Receive<EngineAnswer<EngineInventory>>(m => _calls.IsCurrent(m.Number), m => Taken(m.Result));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="runtime">The engine.</param>
    /// <param name="volumes">Its volumes.</param>
    /// <param name="options">Its rhythms.</param>
    public static Props Props(IContainerRuntime runtime, IContainerVolumes volumes, RunnerOptions options) =>
        Akka.Actor.Props.Create(() => new EngineActor(runtime, volumes, options));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        var self = Self;
        _watches = [_runtime.Watch(e => self.Tell(new Happened(e))), _volumes.Watch(() => self.Tell(TakeInventory.ForNews))];
        Timers.StartPeriodicTimer(EveryTimer, TakeInventory.ForEverybody, _options.InventoryEvery);
        Take(forAll: true);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var watch in _watches)
        {
            watch.Dispose();
        }

        _calls.Abandon();
    }

    private void On(RuntimeEvent happened)
    {
        switch (happened)
        {
            case RuntimeEvent.EngineConnected:
                Take(forAll: true);
                break;
            case RuntimeEvent.EngineLost lost:
                Down(lost.Message);
                break;
            case RuntimeEvent.ContainerChanged changed:
                Context.Parent.Tell(new ContainerChanged(changed.Instance, changed.ContainerId));
                break;
        }
    }

    private void Take(bool forAll)
    {
        _forAll |= forAll;
        if (_underway)
        {
            _again = true;
            return;
        }

        _underway = true;
        Timers.Cancel(RetryTimer);
        _calls.Begin(token => LookAsync(_runtime, _volumes, token), _options.Containers.CallDeadline);
    }

    private void Taken(RuntimeResult<EngineInventory> result)
    {
        _underway = false;
        if (result.Failure is { } failure)
        {
            Down(failure.Message);
            Timers.StartSingleTimer(RetryTimer, TakeInventory.ForNews, _options.InventoryRetry);
        }
        else
        {
            Up(result.Value! with { ForAll = _forAll });
            _forAll = false;
        }

        if (_again)
        {
            _again = false;
            Take(forAll: false);
        }
    }

    private void Down(string cause)
    {
        if (_answers != false)
        {
            _answers = false;
            _log.Warning("The container engine does not answer: {0}", cause);
        }

        Context.Parent.Tell(new EngineDown(cause));
    }

    private void Up(EngineInventory inventory)
    {
        if (_answers != true)
        {
            _answers = true;
            _log.Info("The container engine answers (version {0})", inventory.Engine.Version);
        }

        Context.Parent.Tell(inventory);
    }

    private static async Task<RuntimeResult<EngineInventory>> LookAsync(IContainerRuntime runtime, IContainerVolumes volumes, CancellationToken token)
    {
        var engine = await runtime.PingAsync(token).ConfigureAwait(false);
        if (engine.Failure is { } noAnswer)
        {
            return noAnswer;
        }

        var networks = await runtime.ListNetworksAsync(token).ConfigureAwait(false);
        if (networks.Failure is { } noNetworks)
        {
            return noNetworks;
        }

        var present = await volumes.ListAsync(token).ConfigureAwait(false);
        if (present.Failure is { } noVolumes)
        {
            return noVolumes;
        }

        var containers = await runtime.ListAsync(token).ConfigureAwait(false);
        return containers.Failure is { } noContainers
            ? noContainers
            : new EngineInventory(engine.Value!, networks.Value, containers.Value, [.. present.Value.Select(volume => volume.Id)]);
    }

    private sealed record Happened(RuntimeEvent Event) : INoSerializationVerificationNeeded;
}

/// <summary>The engine answers, and this is all that it has of ours.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Networks">Networks of deployments.</param>
/// <param name="Containers">Containers of deployments.</param>
/// <param name="Volumes">The ids of this runner's volumes.</param>
internal sealed record EngineInventory(EngineInfo Engine, ImmutableArray<BridgeNetwork> Networks, ImmutableArray<ObservedContainer> Containers, ImmutableArray<string> Volumes)
    : INoSerializationVerificationNeeded
{
    /// <summary>Whether every agent is to compare it with what it knows.</summary>
    public bool ForAll { get; init; }

    /// <summary>What there is of each deployment that has a container or a network.</summary>
    public Dictionary<DeploymentName, DeploymentInventory> ByDeployment()
    {
        var parts = Containers.GroupBy(c => c.Instance.Deployment).ToDictionary(containers => containers.Key, containers => new DeploymentInventory(null, [.. containers]));
        foreach (var network in Networks.DistinctBy(n => n.Deployment))
        {
            parts[network.Deployment] = parts.GetValueOrDefault(network.Deployment, DeploymentInventory.Nothing) with { Bridge = network };
        }

        return parts;
    }
}

/// <summary>The engine does not answer.</summary>
/// <param name="Message">Why, for a person.</param>
internal sealed record EngineDown(string Message) : INoSerializationVerificationNeeded;
