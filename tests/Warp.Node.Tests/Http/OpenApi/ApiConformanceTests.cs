using System.Text.Json;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Endpoints;
using Warp.Node.Http.OpenApi;
using Warp.Node.Images.Transfer;
using Warp.Node.Tests.Http.AkkaManagement;
using Xunit;

namespace Warp.Node.Tests.Http.OpenApi;

/// <summary>What the server really answers, held against its document: every operation at least once, and each kind of refusal.</summary>
public sealed class ApiConformanceTests : IAsyncLifetime
{
    private const string Shop = "/warp/v1/deployments/shop";
    private const string Wish = """{ "services": [ { "name": "app", "image": "shop-app:1" } ] }""";
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private ManagementBed _bed = null!;
    private HttpClient _client = null!;
    private DocumentedApi _api = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync(system: ClusterBed.NewSystem());
        _client = _bed.Client(_bed.Admin());
        _api = new DocumentedApi(JsonElement.Parse(await _client.GetStringAsync(ApiDocument.Path)));
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _bed.DisposeAsync();
    }

    [Fact]
    public async Task Every_operation_answers_as_documented()
    {
        _bed.Answer = Well;
        _bed.Logs.Write("one");
        _bed.Logs.Close();
        await VerifyAsync("GET", "/alive");
        await VerifyAsync("GET", "/ready");
        await VerifyAsync("GET", "/cluster/members");
        await VerifyAsync("GET", "/cluster/members/nobody");
        await VerifyAsync("POST", "/cluster/members");
        await VerifyAsync("PUT", "/cluster/members/nobody");
        await VerifyAsync("DELETE", "/cluster/members/nobody");
        await VerifyAsync("PUT", "/cluster/");
        await VerifyAsync("GET", "/cluster/shards");
        await VerifyAsync("GET", "/cluster/shards/deployment");
        await VerifyAsync("GET", "/cluster/shards/deployment/stats");
        await VerifyAsync("GET", "/bootstrap/seed-nodes");
        await VerifyAsync("GET", "/warp/v1/deployments");
        await VerifyAsync("GET", Shop);
        await VerifyAsync("PUT", Shop, Wish);
        await VerifyAsync("DELETE", Shop);
        await VerifyAsync("POST", $"{Shop}/plan", Wish);
        await VerifyAsync("POST", $"{Shop}/services/app/move", """{ "runner": "r2" }""");
        await VerifyAsync("POST", $"{Shop}/services/app/scale", """{ "replicas": 2 }""");
        await VerifyAsync("POST", $"{Shop}/services/app/restart");
        await VerifyAsync("POST", $"{Shop}/restart");
        await VerifyAsync("POST", $"{Shop}/rollback");
        await VerifyAsync("GET", $"{Shop}/history");
        await VerifyAsync("GET", $"{Shop}/services/app/logs", accept: "application/x-ndjson");
        await VerifyAsync("GET", $"{Shop}/services/app/logs");
        await VerifyAsync("GET", "/warp/v1/runners");
        await VerifyAsync("DELETE", "/warp/v1/runners/beta");
        await VerifyAsync("PUT", "/warp/v1/runners/alpha/drain", """{ "deadlineSeconds": 60 }""");
        await VerifyAsync("GET", "/warp/v1/runners/alpha/drain");
        await VerifyAsync("DELETE", "/warp/v1/runners/alpha/drain");
        await VerifyAsync("GET", "/warp/v1/tunnels");
        await VerifyAsync("GET", "/warp/v1/runners/alpha/denials");
        await VerifyAsync("GET", "/metrics");
        await VerifyAsync("GET", "/warp/v1/runners/alpha/doctor");
        await VerifyAsync("GET", "/warp/v1/doctor");
        await VerifyAsync("GET", "/warp/v1/runners/alpha/containers/c1/call?name=app.warp&address=10.201.0.2&port=8080");
        await VerifyAsync("GET", "/warp/v1/runners/alpha/containers/c1/listeners");
        await VerifyAsync("GET", "/warp/v1/deployments/shop/services/app/explain?to=app&port=8080");
        await VerifyAsync("GET", "/warp/v1/flows");
        await VerifyAsync("GET", "/warp/v1/flows?here=true");
        await VerifyAsync("POST", "/warp/v1/runners/-/builds?deployment=shop&service=app", "");
        await VerifyAsync("GET", $"{Shop}/services/app/exec?command=ls");
        await VerifyAsync("GET", "/warp/v1/volumes");
        await VerifyAsync("PUT", "/warp/v1/runners/alpha/volumes/shop-db");
        await VerifyAsync("GET", "/warp/v1/runners/alpha/volumes/shop-db");
        await VerifyAsync("DELETE", "/warp/v1/runners/alpha/volumes/shop-db");
        await VerifyAsync("GET", $"{ImagePeer.ImagePath}?reference=shop-app:1");
        await VerifyAsync("GET", $"{ImagePeer.ArchivePath}?reference=shop-app:1");
        await VerifyAsync("POST", IngressEndpoints.Certificates, """{ "request": "not one" }""");
        await VerifyAsync("POST", CertificateEndpoints.Path, """{ "purpose": "Tunnel", "request": "not one" }""");
        await VerifyAsync("GET", JoinEndpoints.AuthorityPath);
        await VerifyAsync("POST", JoinEndpoints.Path, "{}");
        await VerifyAsync("GET", AuthorityEndpoints.Path);
        await VerifyAsync("POST", $"{AuthorityEndpoints.Path}/begin");
        await VerifyAsync("POST", $"{AuthorityEndpoints.Path}/switch");
        await VerifyAsync("POST", $"{AuthorityEndpoints.Path}/finish");
        await VerifyAsync("GET", "/warp/v1/audit");
        await VerifyAsync("GET", "/warp/v1/registries");
        await VerifyAsync("PUT", "/warp/v1/registries/registry.example", """{ "username": "ci", "password": "secret" }""");
        await VerifyAsync("DELETE", "/warp/v1/registries/registry.example");

        // This one does not end while there is a cluster.
        _bed.Connection = null;
        await VerifyAsync("GET", "/cluster/domain-events");

        _seen.Order(StringComparer.Ordinal).ShouldBe(_api.Operations.Select(one => one.Operation.GetProperty("operationId").GetString()!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("refused")]
    [InlineData("conflict")]
    [InlineData("silent")]
    [InlineData("confused")]
    public async Task Every_refusal_of_a_change_is_documented(string how)
    {
        _bed.Answer = message => message is ListRunners ? null : how switch
        {
            "missing" => new DeploymentNotFound(Views.Shop),
            "refused" => new DeploymentRejected(Views.Shop, [new SpecProblem("runner", "there is none")]),
            "conflict" => new DeploymentConflict(Views.Shop, 5),
            "confused" => "nonsense",
            _ => null,
        };

        if (how is not "missing")
        {
            await VerifyAsync("PUT", Shop, Wish);
        }

        await VerifyAsync("POST", $"{Shop}/services/app/move", """{ "runner": "r2" }""");
        await VerifyAsync("POST", $"{Shop}/rollback");
        if (how is not "refused")
        {
            await VerifyAsync("DELETE", Shop);
        }

        if (how is "missing" or "silent" or "confused")
        {
            await VerifyAsync("GET", Shop);
            await VerifyAsync("GET", $"{Shop}/history");
            await VerifyAsync("GET", $"{Shop}/services/app/logs");
        }
    }

    [Fact]
    public async Task Wrong_requests_are_refused_as_documented()
    {
        _bed.Answer = Well;
        await VerifyAsync("PUT", Shop, """{ "services": [ { "name": "app", "image": "x", "port": 70000, "imagee": 1 } ] }""");
        await VerifyAsync("PUT", Shop, new string(' ', 5_000_000));
        await VerifyAsync("PUT", "/warp/v1/deployments/No", Wish);
        await VerifyAsync("GET", "/warp/v1/deployments/No");
        await VerifyAsync("POST", $"{Shop}/services/app/scale", """{ "replicas": 0 }""");
        await VerifyAsync("PUT", "/warp/v1/runners/alpha/drain", """{ "deadlineSeconds": 3601 }""");
        await VerifyAsync("GET", "/warp/v1/runners/beta/drain");
        await VerifyAsync("GET", $"{Shop}/services/app/logs?tail=x");
        await VerifyAsync("GET", $"{Shop}/services/nobody/logs");
        using var runner = _bed.Client(_bed.Runner("beta"));
        await _api.VerifyAsync(await runner.PutAsync(Shop, Answers.Json(Wish)));
        using var nobody = _bed.Client(certificate: null);
        await _api.VerifyAsync(await nobody.GetAsync(Shop));
    }

    private static object? Well(object message) => message switch
    {
        ApplyDeployment => new DeploymentAccepted(Views.Shop, 1, Changed: true, Views.Deployment()),
        ChangeDeployment => new DeploymentAccepted(Views.Shop, 2, Changed: true, Views.Deployment(InstancePhase.BackingOff, revision: 2, container: null, cause: "no such image")),
        GetDeployment => Views.Deployment(),
        RemoveRunner wish => new RunnerRemoved(new RunnerRemoval(wish.Runner, 1, Views.Noon)),
        DrainRunner or UndrainRunner => Views.Drained("alpha"),
        GetClusterTrust => new ClusterTrust([], Drains: Views.Drained("alpha")),
        RemoveDeployment => new DeploymentRemoving(Views.Shop),
        ListDeployments => new DeploymentList([Views.Deployment(), Views.Deployment(InstancePhase.Pulling, container: null) with { Outcome = "app is on its way" }]),
        GetDeploymentHistory => new DeploymentHistory(Views.Shop, [new RevisionView(1, Views.Noon, "deploy", Completed: true, [new ServiceImage(ServiceName.Parse("app"), "shop-app:1")])]),
        PlanDeployment => new DeploymentPlanned(
            Views.Shop, 1, [new ServicePlanned(ServiceName.Parse("app"), PlannedAction.Replace, ["image: shop-app:1 -> shop-app:2"], [RunnerId.Parse("alpha")])]),
        ListRegistryLogins or ForgetRegistryLogin => new RegistryLogins([new SealedLogin("registry.example", "ci", "sealed", Views.Noon)]),
        ListRunners => new RunnerList([Views.Runner("alpha", 8558, Views.Tunnel("beta"))]),
        _ => null,
    };

    private async Task VerifyAsync(string method, string path, string? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : Answers.Json(body) };
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        using var answer = await _client.SendAsync(request);
        _seen.Add(await _api.VerifyAsync(answer));
    }
}
