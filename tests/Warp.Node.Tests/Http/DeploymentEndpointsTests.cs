using System.Net;
using Shouldly;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class DeploymentEndpointsTests : IAsyncLifetime
{
    private const string Document = """{ "services": [ { "name": "app", "image": "shop-app:1", "port": 8080 } ] }""";
    private const string Shop = "/warp/v1/deployments/shop";
    private ManagementBed _bed = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _admin = _bed.Client(_bed.Admin());
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _bed.DisposeAsync();
    }

    [Fact]
    public async Task A_new_deployment_is_created_and_shown()
    {
        ApplyDeployment? asked = null;
        _bed.Answer = message => (asked = message as ApplyDeployment) is null ? null : new DeploymentAccepted(Views.Shop, 1, Changed: true, Views.Deployment());

        var answer = await (await _admin.PutAsync(Shop, Answers.Json(Document))).JsonAsync(HttpStatusCode.Created);

        asked!.Spec.Services.Single().Image.ShouldBe("shop-app:1");
        asked.ExpectedRevision.ShouldBeNull();
        asked.RequestId.ShouldBeNull();
        answer.GetRawText().ShouldBe(
            """
            {"name":"shop","project":"default","environment":"production","revision":1,"removing":false,"changed":true,"services":[{"name":"app","image":"shop-app:1","istAddress":"10.201.0.2","port":8080,"waiting":null,"instances":[{"ordinal":0,"generation":1,"runner":"alpha","runnerReachable":true,"phase":"Running","containerId":"c1","containerAddress":"172.18.0.2","startedAt":"2030-01-31T12:00:00+00:00","restarts":2,"imagePort":8080,"cause":null,"role":"Serving","health":"Ready","failure":null,"stays":null}],"replicas":1,"urls":[]}],"rollout":"Completed","outcome":null}
            """);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public async Task A_deployment_that_was_there_is_not_created(long revision, bool changed)
    {
        _bed.Answer = _ => new DeploymentAccepted(Views.Shop, revision, changed, Views.Deployment(revision: revision));

        var answer = await (await _admin.PutAsync(Shop, Answers.Json(Document))).JsonAsync(HttpStatusCode.OK);

        answer.GetProperty("changed").GetBoolean().ShouldBe(changed);
        answer.GetProperty("revision").GetInt64().ShouldBe(revision);
    }

    [Fact]
    public async Task What_is_wrong_is_named_field_by_field_and_nobody_is_asked()
    {
        var asked = false;
        _bed.Answer = _ => asked = true;

        var problem = await (await _admin.PutAsync(Shop, Answers.Json("""{ "services": [ { "name": "app", "image": "x", "port": 70000, "imagee": 1 } ] }""")))
            .ProblemAsync(HttpStatusCode.BadRequest, "invalid-deployment");

        problem.Fields().ShouldBe(["services[0].imagee", "services[0].port"], ignoreOrder: true);
        asked.ShouldBeFalse();
    }

    [Fact]
    public async Task Malformed_JSON_is_refused_with_its_place()
    {
        var problem = await (await _admin.PutAsync(Shop, Answers.Json("{\n  \"services\": [,]\n}"))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-deployment");

        problem.Detail().ShouldContain("line 2");
    }

    [Fact]
    public async Task What_the_deployment_refuses_is_passed_on()
    {
        _bed.Answer = _ => new DeploymentRejected(Views.Shop, [new SpecProblem("services[0].runner", "there is no runner 'nowhere'")]);

        var problem = await (await _admin.PutAsync(Shop, Answers.Json(Document))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-deployment");

        problem.Fields().ShouldBe(["services[0].runner"]);
        problem.Detail().ShouldContain("nowhere");
    }

    [Fact]
    public async Task A_name_that_cannot_be_is_refused()
    {
        var problem = await (await _admin.PutAsync("/warp/v1/deployments/Not_A_Name", Answers.Json(Document))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.Fields().ShouldBe(["name"]);
    }

    [Fact]
    public async Task A_deployment_that_is_not_there_is_not_found()
    {
        _bed.Answer = _ => new DeploymentNotFound(Views.Shop);

        (await (await _admin.GetAsync(Shop)).ProblemAsync(HttpStatusCode.NotFound, "not-found")).Detail().ShouldContain("'shop'");
        await (await _admin.DeleteAsync(Shop)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_removal_is_accepted_and_goes_on()
    {
        _bed.Answer = message => message is RemoveDeployment ? new DeploymentRemoving(Views.Shop) : null;

        (await (await _admin.DeleteAsync(Shop)).JsonAsync(HttpStatusCode.Accepted)).GetRawText().ShouldBe("""{"name":"shop","removing":true}""");
    }

    [Fact]
    public async Task All_deployments_are_listed()
    {
        _bed.Answer = message => message is ListDeployments ? new DeploymentList([Views.Deployment()]) : null;

        var answer = await (await _admin.GetAsync("/warp/v1/deployments")).JsonAsync(HttpStatusCode.OK);

        answer.GetProperty("deployments").EnumerateArray().Single().GetProperty("name").GetString().ShouldBe("shop");
    }

    [Fact]
    public async Task What_a_runner_said_of_an_older_generation_is_not_shown_as_the_present_one()
    {
        var view = Views.Deployment();
        var service = view.Services[0];
        _bed.Answer = _ => view with { Services = [service with { Instances = [service.Instances[0] with { Generation = 2 }] }] };

        var instance = (await (await _admin.GetAsync(Shop)).JsonAsync(HttpStatusCode.OK)).GetProperty("services")[0].GetProperty("instances")[0];

        instance.GetProperty("phase").GetString().ShouldBe("Pending");
        instance.GetProperty("containerId").GetString().ShouldBeNull();
    }

    [Fact]
    public async Task Without_an_answer_the_control_plane_is_named_as_unreachable()
    {
        var problem = await (await _admin.PutAsync(Shop, Answers.Json(Document))).ProblemAsync(HttpStatusCode.ServiceUnavailable, "control-plane-unreachable");

        problem.Detail().ShouldStartWith("no control node answered within 1 s");
    }

    [Theory]
    [InlineData("database or disk is full", "the control node's database did not take the request (database or disk is full)")]
    [InlineData(null, "no control node answered within 1 s")]
    public async Task Without_an_answer_the_journal_is_asked_whether_it_is_the_cause(string? failure, string words)
    {
        _bed.Connection = _bed.Connection! with { Journal = _bed.Connection.Deployments };
        _bed.Answer = message => message is ProbeJournal ? new JournalProbed(failure) : null;

        var problem = await (await _admin.PutAsync(Shop, Answers.Json(Document))).ProblemAsync(HttpStatusCode.ServiceUnavailable, "control-plane-unreachable");

        problem.Detail().ShouldStartWith(words);
    }

    [Fact]
    public async Task Without_an_actor_system_the_control_plane_is_named_as_unreachable()
    {
        _bed.Connection = null;

        await (await _admin.GetAsync(Shop)).ProblemAsync(HttpStatusCode.ServiceUnavailable, "control-plane-unreachable");
    }
}
