using System.Threading.Channels;
using Akka.Actor;
using static Akka.Cluster.ClusterEvent;

namespace Warp.Cluster.Membership;

/// <summary>
/// Brings what happens in the cluster to one reader outside the actor system, beginning with the present state as events. It ends with the actor system or when it is stopped; both end the reader's
/// channel. A reader that does not keep up is given up with a <see cref="ClusterEventsOverflowException"/>.
/// </summary>
public sealed class ClusterEventsActor : ReceiveActor
{
    private readonly ChannelWriter<IClusterDomainEvent> _events;

    /// <summary>For <see cref="Props"/>, which finds only public constructors.</summary>
    public ClusterEventsActor(ChannelWriter<IClusterDomainEvent> events)
    {
        _events = events;
        Receive<IClusterDomainEvent>(Pass);
    }

    /// <summary>Makes one for the writing end of a bounded channel.</summary>
    public static Props Props(ChannelWriter<IClusterDomainEvent> events) => Akka.Actor.Props.Create(() => new ClusterEventsActor(events));

    /// <inheritdoc/>
    protected override void PreStart() =>
        Akka.Cluster.Cluster.Get(Context.System).Subscribe(Self, SubscriptionInitialStateMode.InitialStateAsEvents, typeof(IClusterDomainEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Akka.Cluster.Cluster.Get(Context.System).Unsubscribe(Self);
        _events.TryComplete();
    }

    private void Pass(IClusterDomainEvent happened)
    {
        if (!_events.TryWrite(happened))
        {
            _events.TryComplete(new ClusterEventsOverflowException());
            Context.Stop(Self);
        }
    }
}

/// <summary>A reader of cluster events has fallen behind further than its channel holds.</summary>
public sealed class ClusterEventsOverflowException : Exception
{
    /// <summary>Makes it.</summary>
    public ClusterEventsOverflowException()
        : base("the reader of cluster events has fallen behind")
    {
    }
}
