using Akka.Actor;
using Akka.Cluster;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>Passes a runner's status on to the directory of every control node that is a member of the cluster, and to a new one as soon as it is up.</summary>
public sealed class ControlNodesActor : ReceiveActor
{
    private readonly string _role;
    private readonly string _directoryPath;
    private readonly HashSet<Address> _nodes = [];
    private (RunnerStatus Status, IActorRef Sender)? _last;

    /// <summary>For <see cref="Props"/>.</summary>
    public ControlNodesActor(string role, string directoryPath)
    {
        (_role, _directoryPath) = (role, directoryPath);
        Receive<RunnerStatus>(status =>
        {
            _last = (status, Sender);
            foreach (var node in _nodes)
            {
                Pass(node);
            }
        });
        Receive<ClusterEvent.CurrentClusterState>(state =>
        {
            foreach (var member in state.Members.Where(m => m.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving))
            {
                Add(member);
            }
        });
        Receive<ClusterEvent.MemberUp>(m => Add(m.Member));
        Receive<ClusterEvent.MemberWeaklyUp>(m => Add(m.Member));
        Receive<ClusterEvent.MemberRemoved>(m => _nodes.Remove(m.Member.Address));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
    }

    /// <param name="role">The control nodes' role.</param>
    /// <param name="directoryPath">The directory's path on each of them, such as <c>/user/runners</c>.</param>
    public static Props Props(string role, string directoryPath) => Akka.Actor.Props.Create(() => new ControlNodesActor(role, directoryPath));

    /// <inheritdoc/>
    protected override void PreStart() =>
        Akka.Cluster.Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));

    /// <inheritdoc/>
    protected override void PostStop() => Akka.Cluster.Cluster.Get(Context.System).Unsubscribe(Self);

    private void Add(Member member)
    {
        if (member.HasRole(_role) && _nodes.Add(member.Address))
        {
            Pass(member.Address);
        }
    }

    private void Pass(Address node)
    {
        if (_last is { } last)
        {
            Context.ActorSelection(new RootActorPath(node) + _directoryPath).Tell(last.Status, last.Sender);
        }
    }
}
