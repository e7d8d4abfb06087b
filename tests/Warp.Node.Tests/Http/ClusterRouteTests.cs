using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class ClusterRouteTests(ApiNode node) : IClassFixture<ApiNode>
{
    [Fact]
    public async Task Members_are_told_in_the_format_of_Akka_Management()
    {
        using var client = node.Client();
        await Eventually.Is(() => Akka.Cluster.Cluster.Get(node.Current!.System).State.Leader is not null, "a leader is there");

        var answer = await client.GetAsync("/cluster/members");

        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var root = document.RootElement;
        var self = root.GetProperty("selfNode").GetString()!;
        self.ShouldStartWith("akka.tcp://warp@127.0.0.1:");
        var member = root.GetProperty("members").EnumerateArray().ShouldHaveSingleItem();
        member.GetProperty("node").GetString().ShouldBe(self);
        member.GetProperty("nodeUid").ValueKind.ShouldBe(JsonValueKind.String);
        member.GetProperty("status").GetString().ShouldBe("Up");
        member.GetProperty("roles").EnumerateArray().Select(role => role.GetString()).ShouldBe(["control", "runner"]);
        root.GetProperty("unreachable").GetArrayLength().ShouldBe(0);
        root.GetProperty("leader").GetString().ShouldBe(self);
        root.GetProperty("oldest").GetString().ShouldBe(self);
        root.GetProperty("oldestPerRole").GetProperty("control").GetString().ShouldBe(self);
    }

    [Fact]
    public async Task One_member_is_found_by_its_whole_address_and_by_its_end()
    {
        using var client = node.Client();
        var self = Akka.Cluster.Cluster.Get(node.Current!.System).SelfAddress.ToString();

        foreach (var address in (string[])[self, Uri.EscapeDataString(self), self[(self.IndexOf("//", StringComparison.Ordinal) + 2)..]])
        {
            (await client.GetStringAsync($"/cluster/members/{address}")).ShouldContain($"\"node\":\"{self}\"");
        }

        var missing = await client.GetAsync("/cluster/members/warp@nowhere:1");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await missing.Content.ReadAsStringAsync()).ShouldBe("""{"message":"Member [warp@nowhere:1] not found"}""");
    }

    [Fact]
    public async Task A_node_outside_the_cluster_is_alive_and_not_ready()
    {
        using var client = node.Client();
        node.IsInCluster = false;
        try
        {
            (await client.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
            var ready = await client.GetAsync("/ready");
            ready.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            (await ready.Content.ReadAsStringAsync()).ShouldStartWith("Not Healthy:");
            (await client.GetAsync("/warp/v1/deployments")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await client.GetAsync("/cluster/members")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        }
        finally
        {
            node.IsInCluster = true;
        }
    }
}
