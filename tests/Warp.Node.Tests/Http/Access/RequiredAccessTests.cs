using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Http.Access;
using Warp.Node.Tests.Http.AkkaManagement;
using Xunit;

namespace Warp.Node.Tests.Http.Access;

/// <summary>Every endpoint of the running server says who may call it, and whoever may not is refused.</summary>
public sealed class RequiredAccessTests : IAsyncLifetime
{
    private ManagementBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync(system: ClusterBed.NewSystem(), akka: new AkkaManagementSettings { IsReadOnly = false });
        _bed.Answer = message => message is GetDeployment ? Views.Deployment() : throw new InvalidOperationException($"{message} got through");
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Fact]
    public void Every_endpoint_says_who_may_call_it() =>
        Endpoints().Where(endpoint => endpoint.Metadata.GetOrderedMetadata<RequiredAccess>().Count != 1).Select(endpoint => endpoint.DisplayName).ShouldBeEmpty();

    [Fact]
    public void Only_the_probes_are_open_to_everybody() =>
        Endpoints().Where(endpoint => Required(endpoint).Level == AccessLevel.Anyone).Select(endpoint => endpoint.RoutePattern.RawText).Order(StringComparer.Ordinal).ShouldBe(["/alive", "/ready"]);

    [Fact]
    public void Every_endpoint_that_is_not_read_needs_more_than_reading() =>
        Endpoints().Where(endpoint => Methods(endpoint).Any(method => !HttpMethods.IsGet(method)) && Required(endpoint).Level is AccessLevel.Anyone or AccessLevel.Read).Select(endpoint => endpoint.DisplayName).ShouldBeEmpty();

    [Fact]
    public async Task A_reader_can_change_nothing()
    {
        using var reader = _bed.Client(_bed.Admin(AdminRole.Read));
        var tried = 0;
        foreach (var endpoint in Endpoints().Where(endpoint => Required(endpoint).Level != AccessLevel.Token).Where(endpoint => Required(endpoint).Changes || Methods(endpoint).Any(method => !HttpMethods.IsGet(method))))
        {
            foreach (var method in Methods(endpoint))
            {
                using var answer = await reader.SendAsync(new HttpRequestMessage(new HttpMethod(method), PathOf(endpoint)));

                (await answer.ProblemAsync(HttpStatusCode.Forbidden, "role-missing")).Detail().ShouldContain("warp://lab/admin/ops/read has the role read");
                tried++;
            }
        }

        tried.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Who_may_deploy_can_neither_administer_nor_take_images()
    {
        AdminRole.TryDeploy(["shop"], out var role, out _).ShouldBeTrue();
        using var deployer = _bed.Client(_bed.Admin(role));
        foreach (var endpoint in Endpoints().Where(endpoint => Required(endpoint).Level is AccessLevel.Administer or AccessLevel.Nodes))
        {
            using var answer = await deployer.SendAsync(new HttpRequestMessage(new HttpMethod(Methods(endpoint)[0]), PathOf(endpoint)));

            (await answer.ProblemAsync(HttpStatusCode.Forbidden, "role-missing")).Detail().ShouldContain("this needs the role administer");
        }
    }

    [Fact]
    public async Task Who_may_deploy_to_another_project_can_change_no_deployment_of_this_one()
    {
        AdminRole.TryDeploy(["web", "ops"], out var role, out _).ShouldBeTrue();
        using var deployer = _bed.Client(_bed.Admin(role));
        foreach (var endpoint in Endpoints().Where(endpoint => Required(endpoint).Level == AccessLevel.Deploy))
        {
            using var answer = await deployer.SendAsync(new HttpRequestMessage(new HttpMethod(Methods(endpoint)[0]), $"{PathOf(endpoint)}?{RouteDeployment.Query}=shop"));

            (await answer.ProblemAsync(HttpStatusCode.Forbidden, "role-missing")).Detail().ShouldStartWith("the deployment 'shop' belongs to the project 'default', and warp://lab/admin/ops/deploy/ops/web has the role deploy (ops, web)");
        }
    }

    [Fact]
    public async Task A_request_that_no_endpoint_takes_is_answered_as_such_to_every_role()
    {
        using var reader = _bed.Client(_bed.Admin(AdminRole.Read));

        (await reader.GetAsync("/there/is/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await reader.PatchAsync("/warp/v1/deployments/shop", null)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    private IEnumerable<RouteEndpoint> Endpoints() => _bed.Routes.OfType<RouteEndpoint>();

    private static RequiredAccess Required(RouteEndpoint endpoint) => endpoint.Metadata.GetRequiredMetadata<RequiredAccess>();

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods;

    private static string PathOf(RouteEndpoint endpoint) =>
        "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => segment.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "shop"));
}
