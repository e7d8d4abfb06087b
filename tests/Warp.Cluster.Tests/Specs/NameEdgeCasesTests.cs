using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Specs;

/// <summary>The names that a service may have, from the document to what its container is told.</summary>
public sealed class NameEdgeCasesTests
{
    private static readonly RunnerId Runner = RunnerId.Parse("r1");

    [Theory]
    [InlineData("a=b", "WARP_IST_a-b")]
    [InlineData("say \"hi\"", "WARP_IST_say--hi")]
    [InlineData("$HOME", "WARP_IST_$HOME")]
    [InlineData("🚀", "WARP_IST_xn--158h")]
    [InlineData("1st", "WARP_IST_1st")]
    public void A_name_may_hold_anything_that_does_not_break_an_environment(string name, string variable)
    {
        var environment = Environment(Spec(name), 0);

        environment[variable].ShouldBe("10.201.0.1");
        environment.Keys.ShouldAllBe(key => !key.Contains('=') && !key.Contains('\0'));
        environment["WARP_SERVICE"].ShouldBe(name);
    }

    [Theory]
    [InlineData("a/b", "contains '/'")]
    [InlineData("a\nb", "control characters")]
    [InlineData("a\0b", "control characters")]
    [InlineData("!!!", "no letter or digit")]
    [InlineData("ab34567890123456789012345678901234567890123456789012345678901234", "64 bytes")]
    public void A_name_without_a_host_name_is_refused_with_the_reason(string name, string reason) =>
        Parse(name).Problems.ShouldHaveSingleItem().Message.ShouldContain(reason);

    [Theory]
    [InlineData("my_db", "my-db")]
    [InlineData("my-db", "my db")]
    [InlineData("my db", "My_Db")]
    [InlineData("é", "É")]
    public void Two_names_that_fold_into_one_are_refused_naming_both(string first, string second)
    {
        var problem = Parse(first, second).Problems.ShouldHaveSingleItem();

        problem.Field.ShouldBe("services[1].name");
        problem.Message.ShouldContain($"'{first}'");
        problem.Message.ShouldContain($"'{second}'");
    }

    [Fact]
    public void A_name_is_reached_as_it_is_written_in_lower_case_and_encoded() =>
        ContainerEnvironment.Hosts(Assignment(Spec("My_DB"), 1)).Select(host => host.Name).ShouldBe(["My_DB.warp", "my_db.warp", "my-db.warp"]);

    [Fact]
    public void A_service_sees_itself() => Environment(Spec("app", "db"), 1)["WARP_IST_db"].ShouldBe("10.201.0.2");

    [Theory]
    [InlineData("ID")]
    [InlineData("id")]
    public void A_service_called_id_does_not_take_the_place_of_an_injected_variable(string name)
    {
        var environment = Environment(Spec("app", name), 0);

        environment["WARP_SERVICE_ID"].ShouldBe("shop/app");
        environment[$"WARP_IST_{name}"].ShouldBe("10.201.0.2");
    }

    [Fact]
    public void What_a_container_is_told_stays_true_when_its_peers_move()
    {
        var spec = Spec("app", "db");
        var before = Assignment(spec, 1);
        var after = before with { Version = 9, Services = [.. before.Services.Select(service => service with { Placements = [new Placement(0, 7, RunnerId.Parse("r2"))] })] };

        ContainerEnvironment.Of(after, spec.Services[0], Runner, null).ShouldBe(ContainerEnvironment.Of(before, spec.Services[0], Runner, null));
    }

    private static ImmutableSortedDictionary<string, string> Environment(DeploymentSpec spec, int of) => ContainerEnvironment.Of(Assignment(spec, 1), spec.Services[of], Runner, null);

    private static Assignment Assignment(DeploymentSpec spec, long version) => new(
        spec.Name, version, spec.Project, spec.Environment, Removed: false,
        [.. spec.Services.Select((service, index) => new ServiceAssignment(service, Ipv4Address.Parse($"10.201.0.{index + 1}"), [new Placement(0, 1, Runner)]))]);

    private static DeploymentSpec Spec(params string[] names) => Parse(names).Spec.ShouldNotBeNull();

    private static SpecParseResult Parse(params string[] names) => SpecParser.Parse(
        DeploymentName.Parse("shop"),
        Encoding.UTF8.GetBytes($$"""{ "services": [ {{string.Join(", ", names.Select(name => $$"""{ "name": {{JsonSerializer.Serialize(name)}}, "image": "i" }"""))}} ] }"""));
}
