using Akka.Actor;
using Akka.Event;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;

namespace Warp.Cluster.Containers;

/// <summary>
/// One container's life: adopted as found or launched, watched and launched again, until it is retired. What takes several calls to the engine is done by a child: a numbered launch,
/// or the removal. The actor's own end is not the container's end.
/// </summary>
internal sealed class ContainerActor : ReceiveActor, IWithTimers
{
    private static readonly Signal Retry = new("Retry");
    private static readonly Signal Settled = new("Settled");
    private readonly IContainerRuntime _runtime;
    private readonly ContainerOptions _options;
    private readonly EngineCalls _calls;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ContainerLife _life;
    private InstanceObserved? _reported;
    private ContainerWish? _wish;
    private IActorRef _helper = ActorRefs.Nobody;
    private TimeSpan? _grace;
    private long _attempt;
    private bool _lookAgain;

    public ContainerActor(ContainerLife life, IContainerRuntime runtime, ContainerOptions options)
    {
        (_life, _runtime, _options) = (life, runtime, options);
        _calls = new EngineCalls(Self, Context.System.Scheduler);
        Become(Begin);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="life">What is known at the beginning.</param>
    /// <param name="runtime">The engine.</param>
    /// <param name="options">Its rhythms.</param>
    public static Props Props(ContainerLife life, IContainerRuntime runtime, ContainerOptions options) =>
        Akka.Actor.Props.Create(() => new ContainerActor(life, runtime, options));

    /// <inheritdoc/>
    protected override void PostStop() => _calls.Abandon();

    private void Begin()
    {
        Receive<RetireContainer>(m => Retire(m.Grace));
        Receive<RunContainer>(m =>
        {
            _wish = m.Wish;
            if (_life.Seen is { StartedAt: not null } seen)
            {
                Seen(seen);
            }
            else
            {
                Launch();
            }
        });
    }

    /// <summary>A launch is under way.</summary>
    private void Launching()
    {
        Receive<RunContainer>(m => _wish = m.Wish);
        Receive<LookAgain>(_ => _lookAgain = true);
        Receive<RetireContainer>(m =>
        {
            _grace = m.Grace;
            _helper.Tell(CutLaunch.Instance);
        });
        Receive<LaunchStep>(m => m.Attempt == _attempt, m => Report(_life.With(m)));
        Receive<LaunchCut>(m => m.Attempt == _attempt, m => Launched(_life with { ContainerId = m.ContainerId }, () => { }));
        Receive<LaunchDone>(m => m.Attempt == _attempt, m => Launched(_life.With(m.Seen), () => Seen(m.Seen)));
        Receive<LaunchFailed>(m => m.Attempt == _attempt, m => Launched(_life with { ContainerId = m.ContainerId }, () => Wait(_life.With(m.Failure, _wish!.Service.Spec))));
    }

    /// <summary>It runs.</summary>
    private void Running()
    {
        Receive<RunContainer>(m => _wish = m.Wish);
        Receive<RetireContainer>(m => Retire(m.Grace));
        Receive<LookAgain>(_ => Inspect());
        Receive<Signal>(Settled.Equals, _ => _life = _life with { Failures = 0 });
        OnInspected(Seen, () => Wait(_life.Without().Ended(ContainerCause.Vanished)));
    }

    /// <summary>It ended or could not be made; the next attempt waits for its time, or for the engine if that was the reason.</summary>
    private void BackingOff()
    {
        Receive<RunContainer>(m => _wish = m.Wish);
        Receive<RetireContainer>(m => Retire(m.Grace));
        Receive<Signal>(Retry.Equals, _ => Launch());
        Receive<LookAgain>(_ => _life.WaitsForEngine, _ => Launch());
        Receive<LookAgain>(_ => Inspect());
        OnInspected(
            seen =>
            {
                if (seen.Running)
                {
                    Seen(seen);
                }
            },
            () => _life = _life.Without());
    }

    /// <summary>It is being stopped and removed.</summary>
    private void Retiring()
    {
        Receive<LookAgain>(m => _helper.Forward(m));
        Receive<RemovalDelayed>(m => Report(_life with { Cause = m.Cause }));
        Receive<RemovalStopped>(_ => Report(_life with { Seen = null, Cause = null }));
        Receive<RemovalDone>(_ => Gone());
    }

    private void Launch()
    {
        Stand();
        var order = new LaunchOrder(++_attempt, _wish!, _life.ContainerId, _life.Unusable, _life.ImageSeen);
        _helper = Context.ActorOf(ContainerLaunchActor.Props(order, _runtime, _options), $"launch-{_attempt}");
        Become(Launching);
    }

    private void Launched(ContainerLife life, Action onwards)
    {
        _life = life;
        if (_grace is { } grace)
        {
            Retire(grace);
        }
        else
        {
            onwards();
        }
    }

    private void Seen(ObservedContainer seen)
    {
        if (!seen.Running)
        {
            Wait(_life.With(seen).Ended(ContainerCause.OfEnd(seen)));
            return;
        }

        if (_life.Phase != InstancePhase.Running)
        {
            Stand();
            Timers.StartSingleTimer(Settled, Settled, _options.Settled);
            Become(Running);
        }

        Report(_life.With(seen).Healthy());
        if (_lookAgain)
        {
            _lookAgain = false;
            Inspect();
        }
    }

    private void Wait(ContainerLife life)
    {
        Stand();
        Report(life with { Phase = InstancePhase.BackingOff });
        if (life.Delay(_options.Restart) is { Ticks: > 0 } delay)
        {
            Timers.StartSingleTimer(Retry, Retry, delay);
            Become(BackingOff);
        }
        else
        {
            Launch();
        }
    }

    private void Retire(TimeSpan grace)
    {
        Stand();
        if (_life.ContainerId is not { } id)
        {
            Gone();
            return;
        }

        Report(_life with { Phase = InstancePhase.Stopping, Cause = null });
        _helper = Context.ActorOf(ContainerRemovalActor.Props(id, grace, _runtime, _options), "removal");
        Become(Retiring);
    }

    /// <summary>Whatever was waited for is not waited for any more.</summary>
    private void Stand()
    {
        _calls.Abandon();
        Timers.CancelAll();
    }

    private void Inspect()
    {
        if (_life.ContainerId is { } id)
        {
            _calls.Begin(token => _runtime.InspectAsync(id, token), _options.CallDeadline);
        }
    }

    private void OnInspected(Action<ObservedContainer> seen, Action notFound) =>
        Receive<EngineAnswer<ObservedContainer>>(m => _calls.IsCurrent(m.Number), m =>
        {
            if (m.Result.Failure is null)
            {
                seen(m.Result.Value!);
            }
            else if (m.Result.Failure.Kind == RuntimeFailureKind.NotFound)
            {
                notFound();
            }
        });

    private void Gone()
    {
        Context.Parent.Tell(new ContainerGone(_life.Key));
        Context.Stop(Self);
    }

    private void Report(ContainerLife life)
    {
        _life = life;
        var observed = life.ToObserved();
        if (observed != _reported)
        {
            ContainerLog.Write(_log, _reported, observed);
            _reported = observed;
            Context.Parent.Tell(new ContainerReport(life.Key, observed));
        }
    }
}
