using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Membership;

/// <summary>
/// Lets services leave the runners that are being drained, by turns: looks at the catalog while there is such a runner, and tells the deployments. It keeps nothing: who has lost a turn is
/// given it again.
/// </summary>
internal sealed class DrainPacerActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private readonly IActorRef _catalog;
    private readonly IActorRef _deployments;
    private readonly TimeProvider _clock;
    private RunnerDrains _drains = RunnerDrains.None;
    private ImmutableDictionary<MakeWay, DateTimeOffset> _turns = ImmutableDictionary<MakeWay, DateTimeOffset>.Empty;

    public DrainPacerActor(IActorRef catalog, IActorRef deployments, TimeProvider clock)
    {
        (_catalog, _deployments, _clock) = (catalog, deployments, clock);
        Receive<RunnerDrains>(OnDrains);
        Receive<Look>(_ => _catalog.Tell(new ListDeployments()));
        Receive<DeploymentList>(OnDeployments);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="catalog">The catalog of this node.</param>
    /// <param name="deployments">Takes <see cref="MakeWay"/>s.</param>
    /// <param name="clock">The time.</param>
    public static Props Props(IActorRef catalog, IActorRef deployments, TimeProvider clock) => Akka.Actor.Props.Create(() => new DrainPacerActor(catalog, deployments, clock));

    private void OnDrains(RunnerDrains drains)
    {
        _drains = drains;
        if (drains.Runners.IsEmpty)
        {
            Timers.Cancel(nameof(Look));
            _turns = _turns.Clear();
        }
        else if (!Timers.IsTimerActive(nameof(Look)))
        {
            Timers.StartPeriodicTimer(nameof(Look), Look.Instance, TimeSpan.Zero, LookEvery);
        }
    }

    private void OnDeployments(DeploymentList list)
    {
        _turns = DrainPace.Next(_drains, list.Deployments, _turns, _clock.GetUtcNow());
        foreach (var turn in _turns.Keys)
        {
            _deployments.Tell(turn);
        }
    }

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static Look Instance { get; } = new();
    }
}
