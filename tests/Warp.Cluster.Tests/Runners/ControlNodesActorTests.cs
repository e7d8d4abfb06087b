using Akka.Actor;
using Akka.TestKit.Xunit2;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

public sealed class ControlNodesActorTests : TestKit
{
    public ControlNodesActorTests()
        : base("""
            akka {
                loglevel = ERROR
                stdout-loglevel = OFF
                actor.provider = cluster
                remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
                cluster.roles = [control]
            }
            """)
    {
    }

    [Fact]
    public void The_last_status_reaches_a_control_node_as_soon_as_it_is_up_and_each_later_one_too()
    {
        var directory = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new Forwarder(directory)), "runners");
        var sender = CreateTestProbe();
        var nodes = Sys.ActorOf(ControlNodesActor.Props("control", "/user/runners"));
        nodes.Tell(Status(1), sender);
        directory.ExpectNoMsg(TimeSpan.FromMilliseconds(100));

        var cluster = Akka.Cluster.Cluster.Get(Sys);
        cluster.Join(cluster.SelfAddress);

        directory.ExpectMsg<RunnerStatus>(s => s.Instances == 1, TimeSpan.FromSeconds(10));
        directory.LastSender.ShouldBe(sender);
        nodes.Tell(Status(2), sender);
        directory.ExpectMsg<RunnerStatus>(s => s.Instances == 2);
    }

    private static RunnerStatus Status(int instances) => new(
        RunnerId.Parse("runner-1"), new NodeEndpoint("10.0.0.1", 4054), new NodeEndpoint("10.0.0.1", 8558), instances, true, "20.10.24", "0.1.0", [], []);

    private sealed class Forwarder : ReceiveActor
    {
        public Forwarder(IActorRef target) => ReceiveAny(target.Forward);
    }
}
