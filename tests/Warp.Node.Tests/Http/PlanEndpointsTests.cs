using System.Net;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class PlanEndpointsTests : IAsyncLifetime
{
    private const string Plan = "/warp/v1/deployments/shop/plan";
    private const string Document = """{ "services": [ { "name": "app", "image": "i:2" } ] }""";
    private ManagementBed _bed = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _client = _bed.Local();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _bed.DisposeAsync();
    }

    [Fact]
    public async Task What_would_change_is_told_service_by_service()
    {
        _bed.Answer = message => message is PlanDeployment asked
            ? new DeploymentPlanned(asked.Deployment, 3, [new ServicePlanned(asked.Spec.Services[0].Name, PlannedAction.Replace, ["image: i:1 -> i:2"], [RunnerId.Parse("r1")])])
            : null;

        var answer = await _client.PostAsync(Plan, Answers.Json(Document));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(
            """{"name":"shop","revision":3,"services":[{"name":"app","action":"Replace","reasons":["image: i:1 -\u003E i:2"],"runners":["r1"]}]}""");
    }

    [Fact]
    public async Task A_wrong_document_is_refused_as_a_deployment_would_be()
    {
        var wrong = await (await _client.PostAsync(Plan, Answers.Json("""{ "services": [] }"""))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-deployment");
        wrong.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("services");

        _bed.Answer = _ => new DeploymentRejected(Views.Shop, [new SpecProblem("services[0].runner", "there is no such runner")]);
        var refused = await (await _client.PostAsync(Plan, Answers.Json(Document))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-deployment");
        refused.GetProperty("errors")[0].GetProperty("message").GetString().ShouldBe("there is no such runner");
    }

    [Fact]
    public async Task Without_a_control_node_there_is_no_plan() =>
        await (await _client.PostAsync(Plan, Answers.Json(Document))).ProblemAsync(HttpStatusCode.ServiceUnavailable, "control-plane-unreachable");

    [Fact]
    public async Task A_runner_may_not_ask()
    {
        using var runner = _bed.Client(_bed.Runner("beta"));

        (await runner.PostAsync(Plan, Answers.Json(Document))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
