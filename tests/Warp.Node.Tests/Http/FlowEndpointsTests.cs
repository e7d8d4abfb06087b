using System.Net;
using System.Text.Json;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Http;

/// <summary>Who talks to whom, asked of one node: it asks the others.</summary>
public sealed class FlowEndpointsTests : IAsyncLifetime
{
    private const string Path = "/warp/v1/flows";
    private readonly ClusterAuthority _authority = ClusterAuthority.Create(ManagementBed.Cluster, TimeProvider.System);
    private ManagementBed _bed = null!;
    private ManagementBed _peer = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync(authority: _authority);
        _peer = await ManagementBed.StartAsync("beta", authority: _authority);
        _peer.Flows.Report = new([ScriptedFlows.Flow("web", "app")], Problem: null);
        _bed.Answer = message => message is ListRunners ? new RunnerList([Views.Runner("alpha"), Views.Runner("beta", _peer.Port)]) : null;
        _client = _bed.Client(_bed.Admin());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _bed.DisposeAsync();
        await _peer.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task One_node_tells_of_the_callers_on_all_runners_and_of_who_was_refused()
    {
        var flows = JsonElement.Parse(await _client.GetStringAsync(Path));

        flows.GetProperty("flows").EnumerateArray().Select(Edge).ShouldBe(["alpha: app to db", "beta: web to app"]);
        flows.GetProperty("denied").EnumerateArray().Select(denied => denied.GetProperty("runner").GetString()).ShouldBe(["alpha", "beta"]);
        flows.GetProperty("problems").GetArrayLength().ShouldBe(0);
        var first = flows.GetProperty("flows")[0];
        (first.GetProperty("open").GetInt64(), first.GetProperty("inKernel").GetInt32(), first.GetProperty("receivedPerSecond").GetDouble()).ShouldBe((1, 2, 30_000_000));
    }

    [Fact]
    public async Task A_runner_that_does_not_answer_is_named_and_the_others_are_told()
    {
        await _peer.StopServerAsync();

        var flows = JsonElement.Parse(await _client.GetStringAsync(Path));

        flows.GetProperty("flows").EnumerateArray().Select(Edge).ShouldBe(["alpha: app to db"]);
        flows.GetProperty("problems").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldNotBeNull().ShouldStartWith("the node of beta does not answer at");
    }

    [Fact]
    public async Task Somebody_else_at_the_address_of_a_runner_is_not_believed()
    {
        await using var impostor = await ManagementBed.StartAsync("gamma", authority: _authority);
        _bed.Answer = message => message is ListRunners ? new RunnerList([Views.Runner("beta", impostor.Port)]) : null;

        var flows = JsonElement.Parse(await _client.GetStringAsync(Path));

        flows.GetProperty("flows").EnumerateArray().Select(Edge).ShouldBe(["alpha: app to db"]);
        flows.GetProperty("problems")[0].GetString().ShouldNotBeNull().ShouldContain("gamma");
    }

    [Fact]
    public async Task A_caller_that_wants_events_gets_one_after_the_other()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path}?here=true");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());

        for (var i = 0; i < 3; i++)
        {
            (await lines.ReadLineAsync()).ShouldBe("event:flows");
            var data = (await lines.ReadLineAsync()).ShouldNotBeNull();
            data.ShouldStartWith("data:");
            JsonElement.Parse(data["data:".Length..]).GetProperty("flows").EnumerateArray().Select(Edge).ShouldBe(["alpha: app to db"]);
            (await lines.ReadLineAsync()).ShouldBe("");
        }
    }

    [Fact]
    public async Task Nobody_without_a_certificate_learns_who_talks_to_whom()
    {
        using var nobody = _bed.Client(certificate: null);

        (await nobody.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await nobody.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static string Edge(JsonElement flow) => $"{flow.GetProperty("runner").GetString()}: {flow.GetProperty("caller").GetString()} to {flow.GetProperty("target").GetString()}";
}
