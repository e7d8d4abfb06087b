using Shouldly;
using Warp.Cluster.Identity;
using Xunit;

namespace Warp.Cluster.Tests.Identity;

/// <summary>The names of runners and deployments: they become parts of file names, certificates and firewall rules, and are taken as they stand or not at all.</summary>
public sealed class PlainNameTests
{
    [Theory]
    [InlineData("r1")]
    [InlineData("a")]
    [InlineData("my-shop-2")]
    public void Lower_case_letters_digits_and_hyphens_are_a_name(string text)
    {
        RunnerId.TryParse(text, out var runner, out _).ShouldBeTrue();
        DeploymentName.TryParse(text, out var deployment, out _).ShouldBeTrue();

        (runner.Value, deployment.Value).ShouldBe((text, text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("R1")]
    [InlineData("-r1")]
    [InlineData("r1-")]
    [InlineData("r 1")]
    [InlineData("../r1")]
    [InlineData("r1\n")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void Anything_else_is_none_and_the_problem_says_what_is(string? text)
    {
        RunnerId.TryParse(text, out _, out var runner).ShouldBeFalse();
        DeploymentName.TryParse(text, out _, out var deployment).ShouldBeFalse();

        runner.ShouldNotBeNull().ShouldContain("lower-case letters, digits and '-'");
        deployment.ShouldNotBeNull().ShouldContain("lower-case letters, digits and '-'");
    }
}
