using System.Net;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Http.AkkaManagement;

/// <summary>Akka Management's routes of the shards, against a real region.</summary>
public sealed class ShardEndpointsTests : IAsyncLifetime
{
    private ClusterBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = await ClusterBed.StartAsync();
        await _bed.JoinAsync();
    }

    public Task DisposeAsync() => _bed.DisposeAsync().AsTask();

    [Fact]
    public async Task Without_a_region_there_are_no_types_and_a_type_is_not_found()
    {
        (await _bed.Client.GetStringAsync("/cluster/shards")).ShouldBe("""{"entityTypeKeys":[]}""");
        foreach (var path in (string[])["/cluster/shards/deployment", "/cluster/shards/deployment/stats"])
        {
            var answer = await _bed.Client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"message":"Shard Region deployment is not started"}""");
        }
    }

    [Fact]
    public async Task The_region_and_the_whole_cluster_tell_their_shards()
    {
        var region = ClusterSharding.Get(_bed.System).Start(
            "deployment", _ => Props.Create(() => new Entity()), ClusterShardingSettings.Create(_bed.System), new NameExtractor());
        string[] entities = ["shop", "blog", "mail"];
        foreach (var entity in entities)
        {
            await region.Ask<string>(entity, TimeSpan.FromSeconds(20));
        }

        var self = _bed.Cluster.SelfAddress.ToString();
        (await _bed.Client.GetStringAsync("/cluster/shards")).ShouldBe("""{"entityTypeKeys":["deployment"]}""");
        (await _bed.Client.GetAsync("/cluster/shards/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var here = JsonElement.Parse(await _bed.Client.GetStringAsync("/cluster/shards/deployment"));
        here.GetProperty("failed").EnumerateArray().ShouldBeEmpty();
        here.GetProperty("regions").EnumerateArray().Sum(shard => shard.GetProperty("numEntities").GetInt32()).ShouldBe(entities.Length);
        here.GetProperty("regions")[0].GetProperty("shardId").ValueKind.ShouldBe(JsonValueKind.String);

        var everywhere = JsonElement.Parse(await _bed.Client.GetStringAsync("/cluster/shards/deployment/stats"));
        everywhere.GetProperty("totalEntities").GetInt32().ShouldBe(entities.Length);
        everywhere.GetProperty("totalShards").GetInt32().ShouldBe(here.GetProperty("regions").GetArrayLength());
        everywhere.GetProperty("regions").GetProperty(self).GetRawText().ShouldBe(
            $$"""{"shards":{{here.GetProperty("regions").GetRawText()}},"failed":[]}""");
    }

    // Each message is for the entity of its name.
    private sealed class NameExtractor() : HashCodeMessageExtractor(30)
    {
        public override string EntityId(object message) => (string)message;
    }

    private sealed class Entity : ReceiveActor
    {
        public Entity() => Receive<string>(text => Sender.Tell(text));
    }
}
