using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Warp.Cluster.Hosting;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.MultiNode.Tests;

/// <summary>Speaks the protocol of a runner actor and says of every assignment that it is carried out.</summary>
internal sealed class FakeRunner : ReceiveActor, IWithTimers
{
    private readonly RunnerId _self;
    private readonly IActorRef _deployments;
    private readonly Dictionary<DeploymentName, Assignment> _assignments = [];

    public FakeRunner(RunnerId self, IActorRef deployments, FakeRunnerLog log)
    {
        (_self, _deployments) = (self, deployments);
        Receive<Assignment>(assignment =>
        {
            log.Assignments.Enqueue(assignment);
            if (assignment.Version >= (_assignments.GetValueOrDefault(assignment.Deployment)?.Version ?? 0))
            {
                _assignments[assignment.Deployment] = assignment;
                Report(assignment);
            }
        });
        Receive<PeerList>(log.Peers.Enqueue);
        Receive<Tick>(_ => OnTick());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RunnerId self, IActorRef deployments, FakeRunnerLog log) => Akka.Actor.Props.Create(() => new FakeRunner(self, deployments, log));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TimeSpan.Zero, TimeSpan.FromMilliseconds(500));

    private void OnTick()
    {
        var status = new RunnerStatus(_self, new NodeEndpoint("127.0.0.1", 4054), new NodeEndpoint("127.0.0.1", 8558), 0, true, "fake", "0.1.0", [], []);
        foreach (var node in AkkaCluster.Get(Context.System).State.Members.Where(member => member.Status == MemberStatus.Up && member.HasRole(ClusterRoles.Control)))
        {
            Context.ActorSelection(new RootActorPath(node.Address) / "user" / ActorNames.Directory).Tell(status);
        }

        foreach (var assignment in _assignments.Values)
        {
            Report(assignment);
        }
    }

    private void Report(Assignment assignment) => _deployments.Tell(new RunnerReport(
        assignment.Deployment,
        _self,
        assignment.Version,
        [.. assignment.Services.SelectMany(service => service.Placements.Where(placement => placement.Runner == _self && placement.Role != PlacementRole.Retiring).Select(placement => Running(assignment.Deployment, service, placement)))]));

    private static InstanceObserved Running(DeploymentName deployment, ServiceAssignment service, Placement placement) => new(
        new InstanceId(deployment, service.Spec.Name, placement.Ordinal, placement.Generation), InstancePhase.Running, "fake", null, DateTimeOffset.UnixEpoch, 0, null, null);

    private sealed class Tick : INoSerializationVerificationNeeded;
}

/// <summary>What a <see cref="FakeRunner"/> was told.</summary>
internal sealed class FakeRunnerLog
{
    public ConcurrentQueue<Assignment> Assignments { get; } = new();

    public ConcurrentQueue<PeerList> Peers { get; } = new();
}
