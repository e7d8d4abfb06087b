using System.Net;
using Akka.Cluster;
using Shouldly;
using Warp.Node.Configuration;
using Xunit;

namespace Warp.Node.Tests.Http.AkkaManagement;

/// <summary>The probes and the switches of Akka Management.</summary>
public sealed class ProbeEndpointsTests
{
    [Fact]
    public async Task A_member_that_is_up_is_ready()
    {
        await using var bed = await ClusterBed.StartAsync();
        using var probe = bed.Bed.Client(certificate: null);
        (await AnswerAsync(probe, "/ready")).ShouldBe((HttpStatusCode.InternalServerError, "Not Healthy: cluster-membership"));

        await bed.JoinAsync();

        (await AnswerAsync(probe, "/ready")).ShouldBe((HttpStatusCode.OK, "OK"));
    }

    [Fact]
    public async Task Without_an_actor_system_the_node_lives_and_is_not_ready()
    {
        await using var bed = await ClusterBed.StartAsync();
        bed.Bed.Connection = null;

        (await AnswerAsync(bed.Client, "/alive")).Status.ShouldBe(HttpStatusCode.OK);
        (await AnswerAsync(bed.Client, "/ready")).Status.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Paths_and_base_path_can_be_chosen_and_Warps_own_routes_stay()
    {
        await using var bed = await ClusterBed.StartAsync(new AkkaManagementSettings { BasePath = "/ops", ReadinessPath = "health/ready", LivenessPath = "health/alive" });
        using var probe = bed.Bed.Client(certificate: null);
        await bed.JoinAsync();

        (await AnswerAsync(probe, "/ops/health/ready")).ShouldBe((HttpStatusCode.OK, "OK"));
        (await AnswerAsync(probe, "/ops/health/alive")).ShouldBe((HttpStatusCode.OK, "OK"));
        (await bed.Client.GetAsync("/ops/cluster/members")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await bed.Client.GetAsync("/ops/cluster/shards")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await bed.Client.GetAsync("/cluster/members")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bed.Client.GetAsync("/warp/v1/runners")).StatusCode.ShouldNotBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Each_group_of_routes_can_be_switched_off()
    {
        await using var bed = await ClusterBed.StartAsync(new AkkaManagementSettings { ServesBootstrap = false, ServesCluster = false, ServesProbes = false });

        foreach (var path in (string[])["/bootstrap/seed-nodes", "/cluster/members", "/cluster/shards", "/cluster/domain-events", "/alive", "/ready"])
        {
            (await bed.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task The_check_and_the_states_that_count_as_ready_can_be_chosen()
    {
        await using var open = await ClusterBed.StartAsync(new AkkaManagementSettings { ChecksMembership = false });
        (await AnswerAsync(open.Client, "/ready")).ShouldBe((HttpStatusCode.OK, "OK"));

        await using var strict = await ClusterBed.StartAsync(new AkkaManagementSettings { ReadyStates = [MemberStatus.Leaving] });
        await strict.JoinAsync();
        (await AnswerAsync(strict.Client, "/ready")).ShouldBe((HttpStatusCode.InternalServerError, "Not Healthy: cluster-membership"));
    }

    private static async Task<(HttpStatusCode Status, string Body)> AnswerAsync(HttpClient client, string path)
    {
        var answer = await client.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
