using System.Net;
using System.Text.Json;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class DrainEndpointsTests : IAsyncLifetime
{
    private const string Path = "/warp/v1/runners/alpha/drain";
    private static readonly RunnerView Alpha = Views.Runner("alpha");
    private ManagementBed _bed = null!;
    private DeploymentView _shop = Views.Deployment();
    private int _reported = 1;
    private object _answer = Views.Drained("alpha");

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _bed.Answer = message => message switch
        {
            DrainRunner or UndrainRunner => _answer,
            GetClusterTrust => new ClusterTrust([], Drains: Views.Drained("alpha")),
            ListDeployments => new DeploymentList([_shop]),
            ListRunners => new RunnerList([Alpha with { Status = Alpha.Status with { Instances = _reported } }]),
            _ => null,
        };
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Theory]
    [InlineData(PlacementRole.Serving, null, "Waiting", false)]
    [InlineData(PlacementRole.Draining, null, "Finishing", false)]
    [InlineData(PlacementRole.Serving, "it is bound to this runner", "Stays", true)]
    public async Task What_is_left_is_named_with_what_becomes_of_it(PlacementRole role, string? stays, string state, bool done)
    {
        _shop = With(_shop, instance => [instance with { Role = role, Stays = stays }]);

        var answer = await GetAsync();

        answer.GetProperty("done").GetBoolean().ShouldBe(done);
        answer.GetProperty("instances")[0].GetRawText().ShouldBe(
            $$"""{"deployment":"shop","service":"app","ordinal":0,"state":"{{state}}","reason":{{(stays is null ? "null" : $"\"{stays}\"")}}}""");
    }

    [Fact]
    public async Task An_instance_whose_successor_starts_elsewhere_is_moving()
    {
        _shop = With(_shop, instance => [instance, instance with { Runner = RunnerId.Parse("beta"), Role = PlacementRole.Starting }]);

        (await GetAsync()).GetProperty("instances")[0].GetProperty("state").GetString().ShouldBe("Moving");
    }

    [Fact]
    public async Task A_runner_is_not_empty_while_it_has_containers_that_the_control_node_does_not_know()
    {
        _shop = With(_shop, _ => []);
        (await GetAsync()).GetProperty("unknown").GetInt32().ShouldBe(1);
        (await GetAsync()).GetProperty("done").GetBoolean().ShouldBeFalse();

        _reported = 0;
        (await GetAsync()).GetProperty("done").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task The_deadline_is_the_one_that_was_asked_for_else_that_of_the_nodes_settings()
    {
        var seen = new List<int>();
        var answer = _bed.Answer;
        _bed.Answer = message =>
        {
            seen.AddRange(message is DrainRunner drain ? [drain.DeadlineSeconds] : []);
            return answer(message);
        };
        using var client = _bed.Local();

        (await client.PutAsync(Path, Answers.Json("""{ "deadlineSeconds": 7 }"""))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.PutAsync(Path, content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        seen.ShouldBe([7, 300]);
    }

    [Fact]
    public async Task A_refusal_says_why()
    {
        _answer = new TrustRefused("no runner 'alpha' has reported");
        using var client = _bed.Local();

        (await client.PutAsync(Path, content: null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await client.GetAsync("/warp/v1/runners/beta/drain")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static DeploymentView With(DeploymentView deployment, Func<InstanceView, InstanceView[]> change) =>
        deployment with { Services = [deployment.Services[0] with { Instances = [.. change(deployment.Services[0].Instances[0])] }] };

    private async Task<JsonElement> GetAsync()
    {
        using var client = _bed.Local();
        return await (await client.GetAsync(Path)).JsonAsync(HttpStatusCode.OK);
    }
}
