using System.Net;
using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Http.AkkaManagement;

/// <summary>Akka Management's routes of the members, against a real cluster of one node.</summary>
public sealed class MemberEndpointsTests : IAsyncLifetime
{
    private ClusterBed _bed = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _bed = await ClusterBed.StartAsync();
        _client = _bed.Client;
    }

    public Task DisposeAsync() => _bed.DisposeAsync().AsTask();

    [Fact]
    public async Task The_members_document_has_the_form_of_Akka_Management()
    {
        var self = await _bed.JoinAsync();
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
        var self = await _bed.JoinAsync();
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

    [Fact]
    public async Task Without_an_actor_system_the_members_cannot_be_told()
    {
        _bed.Bed.Connection = null;

        (await _client.GetAsync("/cluster/members")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }
}
