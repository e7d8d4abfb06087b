using System.Net;
using Akka.Actor;
using Akka.Cluster;
using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Http;

/// <summary>Akka Management's contract against a real cluster of one node.</summary>
public sealed class ClusterEndpointsTests : IAsyncLifetime
{
    private ActorSystem _system = null!;
    private ManagementBed _bed = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _system = ActorSystem.Create(
            "warp",
            """
            akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = cluster, remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
            akka.cluster.roles = [runner, control]
            """);
        _bed = await ManagementBed.StartAsync(system: _system);
        _client = _bed.Client(_bed.Admin());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _bed.DisposeAsync();
    }

    [Fact]
    public async Task The_members_document_has_the_form_of_Akka_Management()
    {
        var self = await JoinAsync();
        var at = self.Address;

        var answer = await _client.GetAsync("/cluster/members");

        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
        (await answer.Content.ReadAsStringAsync()).ShouldBe(
            $$$"""
            {"selfNode":"{{{at}}}","members":[{"node":"{{{at}}}","nodeUid":"{{{self.UniqueAddress.Uid}}}","status":"Up","roles":["control","runner"]}],"unreachable":[],"leader":"{{{at}}}","oldest":"{{{at}}}","oldestPerRole":{"control":"{{{at}}}","runner":"{{{at}}}"}}
            """);
        (await _client.GetAsync("/cluster/members/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Before_the_node_has_joined_leader_and_oldest_are_left_out()
    {
        var answer = await (await _client.GetAsync("/cluster/members")).JsonAsync(HttpStatusCode.OK);

        answer.TryGetProperty("leader", out _).ShouldBeFalse();
        answer.TryGetProperty("oldest", out _).ShouldBeFalse();
        answer.GetProperty("oldestPerRole").EnumerateObject().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_member_is_found_by_its_full_address_and_by_the_part_after_the_protocol()
    {
        var self = await JoinAsync();
        var full = self.Address.ToString();
        var expected = $$"""{"node":"{{full}}","nodeUid":"{{self.UniqueAddress.Uid}}","status":"Up","roles":["control","runner"]}""";

        foreach (var spelling in (string[])[full, full["akka.tcp://".Length..], Uri.EscapeDataString(full)])
        {
            (await _client.GetStringAsync($"/cluster/members/{spelling}")).ShouldBe(expected, spelling);
        }
    }

    [Fact]
    public async Task An_unknown_member_is_not_found()
    {
        var answer = await (await _client.GetAsync("/cluster/members/warp@192.0.2.1:4053")).JsonAsync(HttpStatusCode.NotFound);

        answer.GetRawText().ShouldBe("""{"message":"Member [warp@192.0.2.1:4053] not found"}""");
    }

    [Theory]
    [InlineData("POST", "/cluster/members")]
    [InlineData("PUT", "/cluster/members/warp@127.0.0.1:4053")]
    [InlineData("DELETE", "/cluster/members/warp@127.0.0.1:4053")]
    public async Task The_membership_can_only_be_read(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        (await _client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_member_that_is_up_is_ready()
    {
        using var probe = _bed.Client(certificate: null);
        var before = await probe.GetAsync("/ready");
        before.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await before.Content.ReadAsStringAsync()).ShouldBe("Not Healthy: cluster-membership");

        await JoinAsync();

        var after = await probe.GetAsync("/ready");
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await after.Content.ReadAsStringAsync()).ShouldBe("OK");
    }

    [Fact]
    public async Task Without_an_actor_system_the_node_lives_and_is_not_ready()
    {
        _bed.Connection = null;

        (await _client.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _client.GetAsync("/ready")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await _client.GetAsync("/cluster/members")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    private async Task<Member> JoinAsync()
    {
        var cluster = Akka.Cluster.Cluster.Get(_system);
        cluster.Join(cluster.SelfAddress);
        await Eventually.Is(() => cluster.State.Members.Any(member => member.Status == MemberStatus.Up) && cluster.State.Leader is not null, "the node is up");
        return cluster.SelfMember;
    }
}
