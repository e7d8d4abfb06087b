using System.Net;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Node.Tests.Http.Access;

/// <summary>What the role to deploy to some projects allows.</summary>
public sealed class ProjectAccessTests : IAsyncLifetime
{
    private const string Shop = "/warp/v1/deployments/shop";
    private readonly List<IDeploymentMessage> _wishes = [];
    private ManagementBed _bed = null!;
    private HttpClient _deployer = null!;
    private DeploymentView? _shop = Views.Deployment(revision: 4) with { Project = "web" };

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        AdminRole.TryDeploy(["web", "mobile"], out var role, out _).ShouldBeTrue();
        _deployer = _bed.Client(_bed.Admin(role));
        _bed.Answer = message =>
        {
            if (message is GetDeployment)
            {
                return (object?)_shop ?? new DeploymentNotFound(Views.Shop);
            }

            _wishes.Add((IDeploymentMessage)message);
            return message switch
            {
                RemoveDeployment => new DeploymentRemoving(Views.Shop),
                PlanDeployment => new DeploymentPlanned(Views.Shop, 4, []),
                _ => new DeploymentAccepted(Views.Shop, 5, Changed: true, _shop ?? Views.Deployment()),
            };
        };
    }

    public async Task DisposeAsync()
    {
        _deployer.Dispose();
        await _bed.DisposeAsync();
    }

    [Fact]
    public async Task A_deployment_of_the_project_is_changed_at_the_revision_that_was_looked_at()
    {
        (await _deployer.PutAsync(Shop, Wish("web"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _deployer.PostAsync($"{Shop}/restart", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _deployer.PostAsync($"{Shop}/plan", Wish("web"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _deployer.DeleteAsync(Shop)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        _wishes.OfType<ApplyDeployment>().Single().ExpectedRevision.ShouldBe(4);
        _wishes.OfType<ChangeDeployment>().Single().ExpectedRevision.ShouldBe(4);
        _wishes.OfType<RemoveDeployment>().Single().ExpectedRevision.ShouldBe(4);
    }

    [Theory]
    [InlineData("\"3\"", 3)]
    [InlineData("\"9\"", 4)]
    public async Task A_revision_that_the_caller_names_counts_unless_it_is_later_than_what_was_looked_at(string named, long expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Shop) { Content = Wish("web") };
        request.Headers.TryAddWithoutValidation("If-Match", named).ShouldBeTrue();

        using var answer = await _deployer.SendAsync(request);

        _wishes.OfType<ApplyDeployment>().Single().ExpectedRevision.ShouldBe(expected);
    }

    [Fact]
    public async Task A_new_deployment_is_made_in_the_project_and_nowhere_else()
    {
        _shop = null;

        (await _deployer.PutAsync(Shop, Wish("mobile"))).IsSuccessStatusCode.ShouldBeTrue();
        var refusal = await (await _deployer.PutAsync(Shop, Wish("bank"))).ProblemAsync(HttpStatusCode.Forbidden, "role-missing");

        refusal.Detail().ShouldBe(
            "the deployment would belong to the project 'bank', and warp://lab/admin/ops/deploy/mobile/web has the role deploy (mobile, web); this needs the role deploy for 'bank', or administer ('warp admin create' makes a certificate with it)");
        _wishes.ShouldHaveSingleItem().ShouldBeOfType<ApplyDeployment>().ExpectedRevision.ShouldBe(0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bank")]
    public async Task A_deployment_cannot_be_taken_out_of_the_project(string? project)
    {
        await (await _deployer.PutAsync(Shop, Wish(project))).ProblemAsync(HttpStatusCode.Forbidden, "role-missing");
        await (await _deployer.PostAsync($"{Shop}/plan", Wish(project))).ProblemAsync(HttpStatusCode.Forbidden, "role-missing");

        _wishes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rollback_stays_in_the_project()
    {
        (await _deployer.PostAsync($"{Shop}/rollback", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        _wishes.OfType<ChangeDeployment>().Single().Change.ShouldBe(new RollBack(null, "web"));
    }

    [Fact]
    public async Task Reading_is_allowed_beyond_the_project()
    {
        _shop = _shop! with { Project = "bank" };

        (await _deployer.GetAsync(Shop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static StringContent Wish(string? project) =>
        Answers.Json($$"""{ {{(project is null ? "" : $"\"project\": \"{project}\", ")}}"services": [ { "name": "app", "image": "shop-app:1" } ] }""");
}
