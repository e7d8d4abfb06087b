using Akka.Actor;
using Warp.Cluster.Runners;

namespace Warp.Cluster.Containers;

/// <summary>Stops one container with its grace, then removes it, and does not give up before it is gone. Tells its parent and ends.</summary>
internal sealed class ContainerRemovalActor : ReceiveActor, IWithTimers
{
    private static readonly Signal Retry = new("Retry");
    private readonly string _containerId;
    private readonly TimeSpan _grace;
    private readonly IContainerRuntime _runtime;
    private readonly ContainerOptions _options;
    private readonly EngineCalls _calls;
    private bool _stopped;
    private int _failures;

    public ContainerRemovalActor(string containerId, TimeSpan grace, IContainerRuntime runtime, ContainerOptions options)
    {
        (_containerId, _grace, _runtime, _options) = (containerId, grace, runtime, options);
        _calls = new EngineCalls(Self, Context.System.Scheduler);
        Receive<EngineAnswer<Done>>(m => _calls.IsCurrent(m.Number), m => Answered(m.Result));
        Receive<Signal>(Retry.Equals, _ => Go());
        Receive<LookAgain>(_ => Timers.IsTimerActive(Retry), _ => Go());
        Receive<LookAgain>(_ => { });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="containerId">Which.</param>
    /// <param name="grace">Between SIGTERM and SIGKILL.</param>
    /// <param name="runtime">The engine.</param>
    /// <param name="options">Its rhythms.</param>
    public static Props Props(string containerId, TimeSpan grace, IContainerRuntime runtime, ContainerOptions options) =>
        Akka.Actor.Props.Create(() => new ContainerRemovalActor(containerId, grace, runtime, options));

    /// <inheritdoc/>
    protected override void PreStart() => Go();

    /// <inheritdoc/>
    protected override void PostStop() => _calls.Abandon();

    private void Go()
    {
        Timers.Cancel(Retry);
        if (_stopped)
        {
            _calls.Begin(token => _runtime.RemoveAsync(_containerId, token), _options.CallDeadline);
        }
        else
        {
            _calls.Begin(token => _runtime.StopAsync(_containerId, _grace, token), _grace + _options.CallDeadline);
        }
    }

    private void Answered(RuntimeResult<Done> result)
    {
        if (result.Failure is { Kind: not RuntimeFailureKind.NotFound } failure)
        {
            _failures++;
            Context.Parent.Tell(new RemovalDelayed($"it cannot be {(_stopped ? "removed" : "stopped")} yet: {failure.Message}"));
            Timers.StartSingleTimer(Retry, Retry, _options.Restart.After(_failures));
        }
        else if (_stopped)
        {
            Context.Parent.Tell(RemovalDone.Instance);
            Context.Stop(Self);
        }
        else
        {
            (_stopped, _failures) = (true, 0);
            Context.Parent.Tell(RemovalStopped.Instance);
            Go();
        }
    }
}

/// <summary>It did not work; it is tried again.</summary>
/// <param name="Cause">Why, for a person.</param>
internal sealed record RemovalDelayed(string Cause) : INoSerializationVerificationNeeded;

/// <summary>The container does not run any more.</summary>
internal sealed record RemovalStopped : INoSerializationVerificationNeeded
{
    /// <summary>The one there is.</summary>
    public static RemovalStopped Instance { get; } = new();
}

/// <summary>The container is gone.</summary>
internal sealed record RemovalDone : INoSerializationVerificationNeeded
{
    /// <summary>The one there is.</summary>
    public static RemovalDone Instance { get; } = new();
}
