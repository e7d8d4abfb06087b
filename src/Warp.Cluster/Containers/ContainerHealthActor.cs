using Akka.Actor;
using Akka.Event;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;

namespace Warp.Cluster.Containers;

/// <summary>Looks again and again whether one running container is well, from a start of it to its end, and tells its parent what has changed.</summary>
internal sealed class ContainerHealthActor : ReceiveActor, IWithTimers
{
    private static readonly Signal Look = new("Look");

    /// <summary>On top of a try's own timeout, for a probe that does not keep it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly long _number;
    private readonly ProbeTarget _target;
    private readonly IHealthProbe _probe;
    private ContainerHealth _health;
    private Action _cancel = static () => { };
    private bool _underway;

    public ContainerHealthActor(long number, ProbeTarget target, ContainerHealth health, IHealthProbe probe)
    {
        (_number, _target, _health, _probe) = (number, target, health, probe);
        Receive<HealthPlan>(plan =>
        {
            _health = _health with { Plan = plan };
            Schedule();
        });
        Receive<Signal>(Look.Equals, _ => Try());
        Receive<Tried>(Came);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="number">Of the container's start; goes into what the parent is told.</param>
    /// <param name="target">The container.</param>
    /// <param name="health">What is known at the beginning; the parent knows it too.</param>
    /// <param name="probe">Looks.</param>
    public static Props Props(long number, ProbeTarget target, ContainerHealth health, IHealthProbe probe) =>
        Akka.Actor.Props.Create(() => new ContainerHealthActor(number, target, health, probe));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        if (_health.NextAfter(Now) is not null)
        {
            Try();
        }
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cancel();

    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    private void Try()
    {
        if (_health.Plan is { Probe: { } probe, Timeout: var timeout })
        {
            _underway = true;
            var limit = new Cancelable(Context.System.Scheduler, timeout + Patience);
            _cancel = limit.Cancel;
            _ = TryAsync(_probe, _target, probe, timeout, limit.Token).PipeTo(
                Self, success: result => new Tried(result), failure: e => new Tried(new ProbeResult(false, $"the check could not be made: {e.Message}")));
        }
    }

    private static async Task<ProbeResult> TryAsync(IHealthProbe probe, ProbeTarget target, Probe what, TimeSpan timeout, CancellationToken token) =>
        await probe.ProbeAsync(target, what, timeout, token).WaitAsync(token).ConfigureAwait(false);

    private void Came(Tried tried)
    {
        _underway = false;
        var before = _health;
        _health = before.With(tried.Result, Now);
        if ((_health.Health, _health.Cause) != (before.Health, before.Cause))
        {
            Context.Parent.Tell(new HealthIs(_number, _health.Health, _health.Cause));
        }

        Schedule();
    }

    private void Schedule()
    {
        if (!_underway && !Timers.IsTimerActive(Look) && _health.NextAfter(Now) is { } pause)
        {
            Timers.StartSingleTimer(Look, Look, pause);
        }
    }

    private sealed record Tried(ProbeResult Result) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}

/// <summary>To the container's actor, on every change.</summary>
/// <param name="Number">Of the container's start.</param>
/// <param name="Health">What was found.</param>
/// <param name="Cause">Why it is not ready, for a person; null when there is nothing to say.</param>
internal sealed record HealthIs(long Number, InstanceHealth Health, string? Cause) : INoSerializationVerificationNeeded;
