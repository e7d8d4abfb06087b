using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Warp.Node.Configuration;

namespace Warp.Node.Tests.Http.AkkaManagement;

/// <summary>A management API beside a real cluster of one node.</summary>
internal sealed class ClusterBed : IAsyncDisposable
{
    private ClusterBed(ManagementBed bed, ActorSystem system) => (Bed, System, Client) = (bed, system, bed.Client(bed.Admin()));

    public ManagementBed Bed { get; }

    public ActorSystem System { get; }

    /// <summary>An administrator's client.</summary>
    public HttpClient Client { get; }

    public Akka.Cluster.Cluster Cluster => Akka.Cluster.Cluster.Get(System);

    public static async Task<ClusterBed> StartAsync(AkkaManagementSettings? settings = null)
    {
        var system = NewSystem();
        return new ClusterBed(await ManagementBed.StartAsync(system: system, akka: settings), system);
    }

    /// <summary>Another node, of no cluster yet; its owner ends it.</summary>
    public static ActorSystem NewSystem() => ActorSystem.Create("warp", ConfigurationFactory.ParseString(
        """
        akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = cluster, remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
        akka.cluster { roles = [runner, control], sharding.distributed-data.durable.keys = [], sharding.state-store-mode = ddata }
        """).WithFallback(ClusterSharding.DefaultConfig()).WithFallback(DistributedData.DefaultConfig()).WithFallback(ClusterSingleton.DefaultConfig()));

    /// <summary>The node forms a cluster of its own.</summary>
    public async Task<Member> JoinAsync()
    {
        Cluster.Join(Cluster.SelfAddress);
        await Eventually.Is(() => Cluster.State.Members.Any(member => member.Status == MemberStatus.Up) && Cluster.State.Leader is not null, "the node is up");
        return Cluster.SelfMember;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Bed.DisposeAsync();
    }
}
