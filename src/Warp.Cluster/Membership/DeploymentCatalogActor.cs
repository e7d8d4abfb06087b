using Akka.Actor;
using Warp.Cluster.Hosting;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Membership;

/// <summary>
/// Every deployment of the cluster as last seen, on each control node: answers lists without waking any entity. Deployment actors announce to the catalog of their own node,
/// which passes it on to those of the other control nodes. What is not announced again for a while is gone.
/// </summary>
internal sealed class DeploymentCatalogActor : ReceiveActor, IWithTimers
{
    private readonly Dictionary<DeploymentName, Entry> _entries = [];
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly TimeProvider _clock;
    private readonly TimeSpan _forgetAfter;

    public DeploymentCatalogActor(TimeProvider clock, TimeSpan forgetAfter)
    {
        (_clock, _forgetAfter) = (clock, forgetAfter);
        Receive<AnnounceDeployment>(announced =>
        {
            Keep(announced.View);
            PassOn(announced.View);
        });
        Receive<ForgetDeployment>(forget =>
        {
            _entries.Remove(forget.Deployment);
            PassOn(new DeploymentNotFound(forget.Deployment));
        });
        Receive<DeploymentView>(Keep);
        Receive<DeploymentNotFound>(removed => _entries.Remove(removed.Deployment));
        Receive<ListDeployments>(_ => Sender.Tell(new DeploymentList(
            [.. _entries.Values.Select(entry => entry.View).OrderBy(view => view.Deployment.Value, StringComparer.Ordinal)])));
        Receive<Sweep>(_ => OnSweep());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>How to make one.</summary>
    /// <param name="clock">The time.</param>
    /// <param name="forgetAfter">How long an entry lives without being announced again.</param>
    public static Props Props(TimeProvider clock, TimeSpan forgetAfter) => Akka.Actor.Props.Create(() => new DeploymentCatalogActor(clock, forgetAfter));

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Sweep), Sweep.Instance, _forgetAfter / 10);

    private void Keep(DeploymentView view) => _entries[view.Deployment] = new Entry(view, _clock.GetTimestamp());

    private void PassOn(IWarpMessage message)
    {
        foreach (var other in ControlNodes.Others(_cluster))
        {
            Context.ActorSelection(new RootActorPath(other) / "user" / ActorNames.Catalog).Tell(message);
        }
    }

    private void OnSweep()
    {
        foreach (var name in _entries.Where(entry => _clock.GetElapsedTime(entry.Value.HeardAt) > _forgetAfter).Select(entry => entry.Key).ToList())
        {
            _entries.Remove(name);
        }
    }

    private sealed record Entry(DeploymentView View, long HeardAt);

    private sealed class Sweep : INoSerializationVerificationNeeded
    {
        public static Sweep Instance { get; } = new();
    }
}

/// <summary>A deployment actor to the catalog of its node: this is how it stands.</summary>
internal sealed record AnnounceDeployment(DeploymentView View) : INoSerializationVerificationNeeded;

/// <summary>A deployment actor to the catalog of its node: it is no more.</summary>
internal sealed record ForgetDeployment(DeploymentName Deployment) : INoSerializationVerificationNeeded;
