using Akka.Actor;
using Akka.Event;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Containers;

/// <summary>What a container's actor needs in every phase: what is known of the container and the report about it, one call to the engine, and one child that helps.</summary>
internal abstract class ContainerActorBase : ReceiveActor, IWithTimers
{
    private readonly EngineCalls _calls;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private InstanceObserved? _reported;

    protected ContainerActorBase(ContainerLife life, ContainerTools tools, ContainerOptions options)
    {
        (Life, Tools, Options) = (life, tools, options);
        _calls = new EngineCalls(Self, Context.System.Scheduler);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    protected static DateTimeOffset Now => Context.System.Scheduler.Now;

    protected ContainerLife Life { get; set; }

    protected ContainerTools Tools { get; }

    protected ContainerOptions Options { get; }

    /// <summary>Of the newest helper; what carries another number is late.</summary>
    protected long Number { get; private set; }

    protected IActorRef Helper { get; private set; } = ActorRefs.Nobody;

    /// <inheritdoc/>
    protected override void PostStop() => _calls.Abandon();

    /// <summary>A new helper in place of the one before.</summary>
    /// <param name="kind">The beginning of its name.</param>
    /// <param name="props">Makes it from its number.</param>
    protected void Help(string kind, Func<long, Props> props)
    {
        Stand();
        Helper = Context.ActorOf(props(++Number), $"{kind}-{Number}");
    }

    /// <summary>Whatever was waited for is not waited for any more, and nobody helps.</summary>
    protected void Stand()
    {
        _calls.Abandon();
        Timers.CancelAll();
        Context.Stop(Helper);
        Helper = ActorRefs.Nobody;
    }

    protected void Inspect()
    {
        if (Life.ContainerId is { } id)
        {
            _calls.Begin(token => Tools.Runtime.InspectAsync(id, token), Options.CallDeadline);
        }
    }

    protected void Stop(TimeSpan grace)
    {
        var id = Life.ContainerId!;
        _calls.Begin(token => Tools.Runtime.StopAsync(id, grace, token), grace + Options.CallDeadline);
    }

    protected void OnStopped(Action next) => Receive<EngineAnswer<Done>>(m => _calls.IsCurrent(m.Number), _ => next());

    protected void OnInspected(Action<ObservedContainer> seen, Action notFound) =>
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

    protected void Report(ContainerLife life)
    {
        Life = life;
        var observed = life.ToObserved();
        if (observed != _reported)
        {
            ContainerLog.Write(_log, _reported, observed);
            if (observed.Restarts > (_reported?.Restarts ?? 0))
            {
                Context.System.EventStream.Publish(new ContainerRestarted(observed.Instance));
            }

            _reported = observed;
            Context.Parent.Tell(new ContainerReport(life.Key, observed));
        }
    }
}
