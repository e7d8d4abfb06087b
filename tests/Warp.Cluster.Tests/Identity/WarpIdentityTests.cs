using CsCheck;
using Shouldly;
using Warp.Cluster.Identity;
using Xunit;

namespace Warp.Cluster.Tests.Identity;

public sealed class WarpIdentityTests
{
    [Theory]
    [InlineData("warp://shop/admin/ann", "administer")]
    [InlineData("warp://shop/admin/ann/read", "read")]
    [InlineData("warp://shop/admin/ann/deploy/web", "deploy (web)")]
    [InlineData("warp://shop/admin/ann/deploy/a%2Fb/web", "deploy (a/b, web)")]
    public void An_administrators_role_follows_the_name(string uri, string role)
    {
        WarpIdentity.TryParse(uri, out var identity).ShouldBeTrue();

        identity.Role!.ToString().ShouldBe(role);
        identity.ToString().ShouldBe(uri);
    }

    [Theory]
    [InlineData("warp://shop/admin/ann/")]
    [InlineData("warp://shop/admin/ann/administer")]
    [InlineData("warp://shop/admin/ann/write")]
    [InlineData("warp://shop/admin/ann/Read")]
    [InlineData("warp://shop/admin/ann/read/web")]
    [InlineData("warp://shop/admin/ann/deploy")]
    [InlineData("warp://shop/admin/ann/deploy/")]
    [InlineData("warp://shop/admin/ann/deploy/web/")]
    [InlineData("warp://shop/admin/ann/deploy/web/app")]
    [InlineData("warp://shop/admin/ann/deploy/web/web")]
    [InlineData("warp://shop/admin/ann/deploy/%77eb")]
    [InlineData("warp://shop/admin/ann/deploy/..")]
    [InlineData("warp://shop/admin/ann/deploy/%00")]
    [InlineData("warp://shop/runner/r1/read")]
    [InlineData("warp://shop/tunnel/r1/deploy/web")]
    public void A_role_of_another_form_is_refused(string uri) => WarpIdentity.TryParse(uri, out _).ShouldBeFalse();

    [Fact]
    public void Every_role_to_deploy_survives_the_way_through_a_certificate_name() => Gen.String[1, 20].Array[1, 5].Sample(projects =>
    {
        if (!AdminRole.TryDeploy(projects, out var role, out _))
        {
            return;
        }

        var written = new WarpIdentity("shop", WarpIdentityKind.Admin, "ann", role);
        WarpIdentity.TryParse(new Uri(written.ToString()).AbsoluteUri, out var read).ShouldBeTrue(written.ToString());
        read.ShouldBe(written);
        projects.ShouldAllBe(project => read.Role!.MayDeploy(project));
    });

    [Fact]
    public void A_role_allows_no_project_that_it_does_not_name()
    {
        AdminRole.TryDeploy(["web"], out var role, out _).ShouldBeTrue();

        role.MayDeploy("web").ShouldBeTrue();
        role.MayDeploy("we").ShouldBeFalse();
        role.MayDeploy("WEB").ShouldBeFalse();
        role.MayAdminister.ShouldBeFalse();
        AdminRole.Read.MayDeploy("web").ShouldBeFalse();
    }

    [Fact]
    public void A_role_to_deploy_names_projects_that_can_be()
    {
        AdminRole.TryDeploy([], out _, out var none).ShouldBeFalse();
        none.ShouldBe("name at least one project");
        AdminRole.TryDeploy(["web", ""], out _, out var empty).ShouldBeFalse();
        empty.ShouldStartWith("'' is not the name of a project");
        AdminRole.TryDeploy(Enumerable.Range(0, AdminRole.MaxProjects + 1).Select(number => $"p{number}"), out _, out var many).ShouldBeFalse();
        many.ShouldBe("a role names at most 50 projects");
    }
}
