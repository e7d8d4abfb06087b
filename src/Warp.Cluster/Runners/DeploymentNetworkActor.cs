using Akka.Actor;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Runners;

/// <summary>Makes or removes one deployment's bridge network, and does not give up before it is done. The last order counts.</summary>
internal sealed class DeploymentNetworkActor : ReceiveActor, IWithTimers
{
    private static readonly Signal Retry = new("Retry");
    private readonly DeploymentName _deployment;
    private readonly IContainerRuntime _runtime;
    private readonly RunnerOptions _options;
    private readonly EngineCalls _calls;
    private NetworkOrder? _order;
    private bool _underway;
    private int _failures;

    public DeploymentNetworkActor(DeploymentName deployment, IContainerRuntime runtime, RunnerOptions options)
    {
        (_deployment, _runtime, _options) = (deployment, runtime, options);
        _calls = new EngineCalls(Self, Context.System.Scheduler);
        Receive<NetworkOrder>(order => order != _order || !_underway, order =>
        {
            (_order, _failures) = (order, 0);
            Go();
        });
        Receive<NetworkOrder>(_ => { });
        Receive<Signal>(Retry.Equals, _ => Go());
        Receive<LookAgain>(_ => Timers.IsTimerActive(Retry), _ => Go());
        Receive<LookAgain>(_ => { });
        Receive<EngineAnswer<BridgeNetwork>>(m => _calls.IsCurrent(m.Number), m => Answered(m.Result.Failure, new NetworkReady(m.Result.Value!)));
        Receive<EngineAnswer<Done>>(m => _calls.IsCurrent(m.Number), m => Answered(m.Result.Failure, NetworkGone.Instance));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="deployment">Whose network.</param>
    /// <param name="runtime">The engine.</param>
    /// <param name="options">Its rhythms.</param>
    public static Props Props(DeploymentName deployment, IContainerRuntime runtime, RunnerOptions options) =>
        Akka.Actor.Props.Create(() => new DeploymentNetworkActor(deployment, runtime, options));

    /// <inheritdoc/>
    protected override void PostStop() => _calls.Abandon();

    private void Go()
    {
        Timers.Cancel(Retry);
        _underway = true;
        if (_order == NetworkOrder.Make)
        {
            _calls.Begin(token => _runtime.EnsureNetworkAsync(_deployment, token), _options.Containers.CallDeadline);
        }
        else
        {
            _calls.Begin(token => _runtime.RemoveNetworkAsync(_deployment, token), _options.Containers.CallDeadline);
        }
    }

    private void Answered(RuntimeFailure? failure, object success)
    {
        if (failure is null)
        {
            (_underway, _failures) = (false, 0);
            Context.Parent.Tell(success);
            return;
        }

        _failures++;
        Context.Parent.Tell(new NetworkDelayed($"the network of '{_deployment}' cannot be {(_order == NetworkOrder.Make ? "made" : "removed")} yet: {failure.Message}"));
        Timers.StartSingleTimer(Retry, Retry, _options.Network.After(_failures));
    }
}

/// <summary>What is to be with a deployment's network.</summary>
internal sealed class NetworkOrder : INoSerializationVerificationNeeded
{
    private NetworkOrder()
    {
    }

    /// <summary>It is to be there.</summary>
    public static NetworkOrder Make { get; } = new();

    /// <summary>It is to be gone.</summary>
    public static NetworkOrder Remove { get; } = new();
}

/// <summary>The network is there.</summary>
internal sealed record NetworkReady(BridgeNetwork Bridge) : INoSerializationVerificationNeeded;

/// <summary>The network is gone.</summary>
internal sealed record NetworkGone : INoSerializationVerificationNeeded
{
    /// <summary>The one there is.</summary>
    public static NetworkGone Instance { get; } = new();
}

/// <summary>It did not work; it is tried again.</summary>
/// <param name="Cause">Why, for a person.</param>
internal sealed record NetworkDelayed(string Cause) : INoSerializationVerificationNeeded;
