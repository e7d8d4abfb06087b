using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Runners;

namespace Warp.Cluster.Containers;

/// <summary>
/// Lets the connections into one container end, within their time, stops it with its grace, then removes it, and does not give up before it is gone. Tells its parent and ends.
/// </summary>
internal sealed class ContainerRemovalActor : ReceiveActor, IWithTimers
{
    private static readonly Signal Retry = new("Retry");
    private static readonly Signal TimeIsUp = new("TimeIsUp");
    private readonly RemovalOrder _order;
    private readonly ContainerTools _tools;
    private readonly ContainerOptions _options;
    private readonly EngineCalls _calls;
    private bool _stopped;
    private int _failures;

    public ContainerRemovalActor(RemovalOrder order, ContainerTools tools, ContainerOptions options)
    {
        (_order, _tools, _options) = (order, tools, options);
        _calls = new EngineCalls(Self, Context.System.Scheduler);
        Become(Draining);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="order">What to do.</param>
    /// <param name="tools">How it is done.</param>
    /// <param name="options">Its rhythms.</param>
    public static Props Props(RemovalOrder order, ContainerTools tools, ContainerOptions options) =>
        Akka.Actor.Props.Create(() => new ContainerRemovalActor(order, tools, options));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        if (_order.Drains)
        {
            Timers.StartSingleTimer(TimeIsUp, TimeIsUp, _order.DrainFor);
            _tools.Connections.Tell(new AwaitQuiet(_order.Address!.Value));
        }
        else
        {
            Begin();
        }
    }

    /// <inheritdoc/>
    protected override void PostStop() => _calls.Abandon();

    /// <summary>A container that ends meanwhile has no connections any more, whatever the kernel still remembers of them.</summary>
    private void Draining()
    {
        Receive<Quiet>(_ => Begin());
        Receive<Signal>(TimeIsUp.Equals, _ => Begin());
        Receive<StopDraining>(_ => Begin());
        Receive<LookAgain>(_ => _calls.Begin(token => _tools.Runtime.InspectAsync(_order.ContainerId, token), _options.CallDeadline));
        Receive<EngineAnswer<ObservedContainer>>(m => _calls.IsCurrent(m.Number) && m.Result is { Failure.Kind: RuntimeFailureKind.NotFound } or { Value.Running: false }, _ => Begin());
        Receive<EngineAnswer<ObservedContainer>>(_ => { });
    }

    private void Removing()
    {
        Receive<EngineAnswer<Done>>(m => _calls.IsCurrent(m.Number), m => Answered(m.Result));
        Receive<Signal>(Retry.Equals, _ => Go());
        Receive<LookAgain>(_ => Timers.IsTimerActive(Retry), _ => Go());
        ReceiveAny(_ => { });
    }

    private void Begin()
    {
        Timers.CancelAll();
        Become(Removing);
        Go();
    }

    private void Go()
    {
        Timers.Cancel(Retry);
        if (_stopped)
        {
            _calls.Begin(token => _tools.Runtime.RemoveAsync(_order.ContainerId, token), _options.CallDeadline);
        }
        else
        {
            _calls.Begin(token => _tools.Runtime.StopAsync(_order.ContainerId, _order.Grace, token), _order.Grace + _options.CallDeadline);
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

/// <summary>What a removal has to do.</summary>
/// <param name="ContainerId">Of which container.</param>
/// <param name="Grace">Between SIGTERM and SIGKILL.</param>
/// <param name="Address">Where connections lead into it; null when it does not run.</param>
/// <param name="DrainFor">How long they may go on.</param>
internal sealed record RemovalOrder(string ContainerId, TimeSpan Grace, Ipv4Address? Address, TimeSpan DrainFor)
{
    /// <summary>Whether there may be connections that are to be waited for.</summary>
    public bool Drains => Address is not null && DrainFor > TimeSpan.Zero;
}

/// <summary>To a removal: let no connection go on any longer.</summary>
internal sealed record StopDraining : INoSerializationVerificationNeeded
{
    /// <summary>The one there is.</summary>
    public static StopDraining Instance { get; } = new();
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
