using System.Net;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class LogEndpointsTests : IAsyncLifetime
{
    private const string Path = "/warp/v1/deployments/shop/services/app/logs";
    private readonly ClusterAuthority _authority = ClusterAuthority.Create(ManagementBed.Cluster, TimeProvider.System);
    private ManagementBed _bed = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync(authority: _authority);
        _bed.Answer = message => message is GetDeployment ? Views.Deployment() : null;
        _client = _bed.Local();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _bed.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task Lines_come_as_text()
    {
        _bed.Logs.Write("one");
        _bed.Logs.Write("zwei ü");
        _bed.Logs.Close();

        (await _client.GetStringAsync($"{Path}?tail=10&since=2030-01-31T12:00:00Z")).ShouldBe("one\nzwei ü\n");

        _bed.Logs.Asked.ShouldBe(("c1", new LogQuery(Follow: false, 10, Views.Noon)));
    }

    [Fact]
    public async Task Lines_come_as_JSON_to_who_accepts_it()
    {
        _bed.Logs.Write("oh \"no\"", error: true);
        _bed.Logs.Close();
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.Accept.ParseAdd("application/x-ndjson");

        var answer = await _client.SendAsync(request);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"time":"1970-01-01T00:00:00+00:00","stream":"stderr","text":"oh \u0022no\u0022"}""" + "\n");
    }

    [Fact]
    public async Task Followed_lines_come_when_they_are_written_and_the_reading_ends_with_the_caller()
    {
        using var answer = await _client.GetAsync($"{Path}?follow", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        _bed.Logs.Write("first");
        (await reader.ReadLineAsync()).ShouldBe("first");
        _bed.Logs.Write("second");
        (await reader.ReadLineAsync()).ShouldBe("second");
        reader.Dispose();

        await Eventually.Is(() => _bed.Logs.Ended, "the engine's stream is closed");
    }

    [Fact]
    public async Task Following_does_not_hold_up_the_end_of_the_server()
    {
        using var answer = await _client.GetAsync($"{Path}?follow", HttpCompletionOption.ResponseHeadersRead);

        await _bed.StopServerAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_engine_that_is_lost_cuts_the_output_off()
    {
        _bed.Logs.Write("first");
        _bed.Logs.Close(new IOException("the engine went away"));

        await Should.ThrowAsync<HttpRequestException>(() => _client.GetStringAsync($"{Path}?follow"));
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_named()
    {
        _bed.Logs.Failure = new RuntimeFailure(RuntimeFailureKind.EngineUnavailable, "the engine does not answer; is dockerd running?");

        (await (await _client.GetAsync(Path)).ProblemAsync(HttpStatusCode.ServiceUnavailable, "engine-unavailable")).Detail().ShouldContain("dockerd");
    }

    [Theory]
    [InlineData("tail=-1", "tail")]
    [InlineData("since=yesterday", "since")]
    [InlineData("follow=perhaps", "follow")]
    [InlineData("ordinal=x", "ordinal")]
    public async Task A_wrong_query_is_named(string query, string field) =>
        (await (await _client.GetAsync($"{Path}?{query}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).Fields().ShouldBe([field]);

    [Fact]
    public async Task An_unknown_service_is_not_found() =>
        (await (await _client.GetAsync("/warp/v1/deployments/shop/services/my%20db/logs")).ProblemAsync(HttpStatusCode.NotFound, "not-found")).Detail().ShouldContain("'my db'");

    [Fact]
    public async Task A_service_without_a_container_says_why()
    {
        _bed.Answer = _ => Views.Deployment(InstancePhase.BackingOff, container: null, cause: "no such image");

        (await (await _client.GetAsync(Path)).ProblemAsync(HttpStatusCode.Conflict, "conflict")).Detail().ShouldContain("no such image");
    }

    [Fact]
    public async Task The_output_of_another_runner_is_passed_on()
    {
        await using var peer = await PeerAsync("beta");
        peer.Logs.Write("from beta");
        peer.Logs.Close();

        (await _client.GetStringAsync($"{Path}?tail=3")).ShouldBe("from beta\n");

        peer.Logs.Asked!.Value.Query.Tail.ShouldBe(3);
    }

    [Fact]
    public async Task Followed_lines_of_another_runner_come_when_they_are_written()
    {
        await using var peer = await PeerAsync("beta");
        using var answer = await _client.GetAsync($"{Path}?follow", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        peer.Logs.Write("live");

        (await reader.ReadLineAsync()).ShouldBe("live");
        reader.Dispose();
        await Eventually.Is(() => peer.Logs.Ended, "the other engine's stream is closed");
    }

    [Fact]
    public async Task A_problem_of_the_other_runner_is_passed_on()
    {
        await using var peer = await PeerAsync("beta");
        peer.Logs.Failure = new RuntimeFailure(RuntimeFailureKind.EngineUnavailable, "beta's engine is down");

        (await (await _client.GetAsync(Path)).ProblemAsync(HttpStatusCode.ServiceUnavailable, "engine-unavailable")).Detail().ShouldContain("beta's engine");
    }

    [Fact]
    public async Task Another_runner_at_the_wanted_ones_address_is_not_believed()
    {
        await using var peer = await PeerAsync("gamma");

        (await (await _client.GetAsync(Path)).ProblemAsync(HttpStatusCode.BadGateway, "runner-unreachable")).Detail().ShouldContain("warp://lab/runner/gamma answers there");
    }

    [Fact]
    public async Task A_runner_that_is_gone_is_named()
    {
        var peer = await PeerAsync("beta");
        await peer.DisposeAsync();

        (await (await _client.GetAsync(Path)).ProblemAsync(HttpStatusCode.BadGateway, "runner-unreachable")).Detail().ShouldContain("beta");
    }

    [Fact]
    public async Task A_request_is_passed_on_once_only()
    {
        await using var peer = await PeerAsync("beta");
        peer.Answer = _ => Views.Deployment(runner: "gamma");

        (await (await _client.GetAsync(Path)).ProblemAsync(HttpStatusCode.Conflict, "conflict")).Detail().ShouldContain("it is moving");
    }

    // The container is on beta, and whoever is given here answers at beta's address.
    private async Task<ManagementBed> PeerAsync(string whoIsThere)
    {
        var peer = await ManagementBed.StartAsync(whoIsThere, authority: _authority);
        var port = peer.Port;
        _bed.Answer = message => message switch
        {
            GetDeployment => Views.Deployment(runner: "beta"),
            ListRunners => new RunnerList([Views.Runner("alpha"), Views.Runner("beta", port)]),
            _ => null,
        };
        peer.Answer = message => message is GetDeployment ? Views.Deployment(runner: "beta") : null;
        return peer;
    }
}
