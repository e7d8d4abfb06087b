using System.Net;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class ChangeEndpointsTests : IAsyncLifetime
{
    private const string Shop = "/warp/v1/deployments/shop";
    private ManagementBed _bed = null!;
    private HttpClient _client = null!;
    private DeploymentChange? _asked;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _bed.Answer = message => (_asked = (message as ChangeDeployment)?.Change) is null ? null : new DeploymentAccepted(Views.Shop, 2, Changed: true, Views.Deployment(revision: 2));
        _client = _bed.Local();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _bed.DisposeAsync();
    }

    [Fact]
    public async Task Each_path_is_one_change()
    {
        var app = ServiceName.Parse("my app");
        (await ChangeAsync("/services/my%20app/move", """{ "runner": "r2" }""")).ShouldBe(new MoveService(app, RunnerId.Parse("r2")));
        (await ChangeAsync("/services/my%20app/scale", """{ "replicas": 3 }""")).ShouldBe(new ScaleService(app, 3));
        (await ChangeAsync("/services/my%20app/restart", "")).ShouldBe(new RestartServices(app));
        (await ChangeAsync("/restart", "")).ShouldBe(new RestartServices(null));
        (await ChangeAsync("/rollback", "")).ShouldBe(new RollBack(null));
        (await ChangeAsync("/rollback", """{ "revision": 7 }""")).ShouldBe(new RollBack(7));
    }

    [Theory]
    [InlineData("/services/app/move", "", "body")]
    [InlineData("/services/app/move", "{}", "body")]
    [InlineData("/services/app/move", "null", "body")]
    [InlineData("/services/app/move", """{ "runner": null }""", "body")]
    [InlineData("/services/app/move", """{ "runer": "r2" }""", "body")]
    [InlineData("/services/app/move", """{ "runner": "R 2" }""", "runner")]
    [InlineData("/services/app/scale", """{ "replicas": 0 }""", "replicas")]
    [InlineData("/services/app/scale", """{ "replicas": 101 }""", "replicas")]
    [InlineData("/services/app/scale", """{ "replicas": "3" """, "body")]
    [InlineData("/services/a%0Ab/restart", "", "service")]
    [InlineData("/rollback", "7", "body")]
    public async Task A_change_that_cannot_be_meant_is_named_and_nobody_is_asked(string path, string body, string field)
    {
        var problem = await (await _client.PostAsync(Shop + path, Answers.Json(body))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.Fields().ShouldBe([field]);
        problem.GetRawText().ShouldNotContain("Warp.Node");
        _asked.ShouldBeNull();
    }

    [Fact]
    public async Task What_the_deployment_refuses_is_passed_on()
    {
        _bed.Answer = _ => new DeploymentRejected(Views.Shop, [new SpecProblem("runner", "there is no runner 'r9'; there are r1, r2")]);

        var problem = await (await _client.PostAsync($"{Shop}/services/app/move", Answers.Json("""{ "runner": "r9" }"""))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-deployment");

        problem.Detail().ShouldContain("there are r1, r2");
    }

    [Fact]
    public async Task A_deployment_that_is_not_there_cannot_be_changed()
    {
        _bed.Answer = _ => new DeploymentNotFound(Views.Shop);

        await (await _client.PostAsync($"{Shop}/restart", null)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await _client.GetAsync($"{Shop}/history")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_history_is_shown()
    {
        _bed.Answer = message => message is GetDeploymentHistory
            ? new DeploymentHistory(Views.Shop, [new RevisionView(2, Views.Noon, "deploy", Completed: true, [new ServiceImage(ServiceName.Parse("app"), "shop-app:2")])])
            : null;

        (await (await _client.GetAsync($"{Shop}/history")).JsonAsync(HttpStatusCode.OK)).GetRawText().ShouldBe(
            """
            {"name":"shop","revisions":[{"revision":2,"acceptedAt":"2030-01-31T12:00:00+00:00","reason":"deploy","completed":true,"images":[{"service":"app","image":"shop-app:2"}]}]}
            """);
    }

    [Fact]
    public async Task Only_an_administrator_changes_something()
    {
        using var runner = _bed.Client(_bed.Runner("beta"));

        await (await runner.PostAsync($"{Shop}/restart", null)).ProblemAsync(HttpStatusCode.Forbidden, "role-missing");
        _asked.ShouldBeNull();
    }

    private async Task<DeploymentChange?> ChangeAsync(string path, string body)
    {
        _asked = null;
        using var answer = await _client.PostAsync(Shop + path, Answers.Json(body));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return _asked;
    }
}
