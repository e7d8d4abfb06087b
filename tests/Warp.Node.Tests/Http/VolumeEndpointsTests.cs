using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class VolumeEndpointsTests : IAsyncLifetime
{
    private readonly ClusterAuthority _authority = ClusterAuthority.Create(ManagementBed.Cluster, TimeProvider.System);
    private ManagementBed _bed = null!;
    private ManagementBed _peer = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync(authority: _authority);
        _peer = await ManagementBed.StartAsync("beta", authority: _authority);
        var beta = Views.Runner("beta", _peer.Port);
        _bed.Answer = message => message is ListRunners
            ? new RunnerList([Views.Runner("alpha"), beta with { Reachable = false, Status = beta.Status with { Volumes = ["data", "logs"] } }])
            : null;
        _client = _bed.Local();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _bed.DisposeAsync();
        await _peer.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task All_volumes_are_listed_from_what_the_runners_told() =>
        (await _client.GetStringAsync("/warp/v1/volumes")).ShouldBe(
            """{"volumes":[{"id":"data","runner":"beta","reachable":false},{"id":"logs","runner":"beta","reachable":false}]}""");

    [Theory]
    [InlineData("alpha")]
    [InlineData("beta")]
    public async Task A_volume_is_made_shown_and_removed_on_the_runner_that_is_named(string runner)
    {
        var volumes = runner is "alpha" ? _bed.Volumes : _peer.Volumes;

        (await _client.PutAsync($"/warp/v1/runners/{runner}/volumes/data", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _client.PutAsync($"/warp/v1/runners/{runner}/volumes/data", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        volumes.Present.Keys.ShouldBe(["data"]);

        var shown = await _client.GetFromJsonAsync<JsonElement>($"/warp/v1/runners/{runner}/volumes/data");
        shown.GetProperty("runner").GetString().ShouldBe(runner);
        shown.GetProperty("usedBy").GetArrayLength().ShouldBe(0);

        (await _client.DeleteAsync($"/warp/v1/runners/{runner}/volumes/data")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        volumes.Present.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_volume_in_use_is_not_removed_and_the_users_are_named()
    {
        _peer.Volumes.Present["data"] = new VolumeInfo("data", "warp-lab-data", null, null, ["shop/db#0@3"]);
        var answer = await _client.DeleteAsync("/warp/v1/runners/beta/volumes/data");
        (await answer.ProblemAsync(HttpStatusCode.Conflict, "conflict")).Detail().ShouldContain("shop/db#0@3");
    }

    [Fact]
    public async Task A_volume_that_is_not_there_is_not_found() =>
        await (await _client.GetAsync("/warp/v1/runners/alpha/volumes/nothing")).ProblemAsync(HttpStatusCode.NotFound, "not-found");

    [Fact]
    public async Task An_unknown_runner_is_named() =>
        (await (await _client.PutAsync("/warp/v1/runners/gamma/volumes/data", null)).ProblemAsync(HttpStatusCode.BadGateway, "runner-unreachable")).Detail().ShouldContain("gamma");

    [Fact]
    public async Task A_wrong_id_is_named() =>
        (await (await _client.PutAsync("/warp/v1/runners/alpha/volumes/Big%20Data", null)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).Fields().ShouldBe(["id"]);

    [Fact]
    public async Task A_node_may_only_pass_such_a_wish_on()
    {
        using var node = _bed.Client(_bed.Runner("beta"));
        (await node.PutAsync("/warp/v1/runners/alpha/volumes/data", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await node.DeleteAsync("/warp/v1/runners/alpha/volumes/data")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
