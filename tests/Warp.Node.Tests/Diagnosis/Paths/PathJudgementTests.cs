using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Diagnosis;
using Warp.Node.Diagnosis.Paths;
using Xunit;

namespace Warp.Node.Tests.Diagnosis.Paths;

/// <summary>What is said of each way in which a call can fail.</summary>
public sealed class PathJudgementTests
{
    private static readonly RunnerId R1 = RunnerId.Parse("r1");
    private static readonly RunnerId R2 = RunnerId.Parse("r2");
    private static readonly TunnelView Link = new(R2, new NodeEndpoint("192.0.2.2", 4054), TunnelState.Up, 2, 0, 0, 0, "AES", null);
    private static readonly TargetInstance Target = new(
        new PlacedInstance("shop/db#0@1", R2), Reachable: true, InstancePhase.Running, InstanceHealth.Ready, null, Link, new ListenerFacts(null, ["0.0.0.0:5432"]));

    private static readonly PathView Whole = new(
        "shop/app", new PlacedInstance("shop/app#0@1", R1), null, "shop/db", 5432, "WARP_IST_db", "db.warp", Ipv4Address.Parse("10.201.0.3"), new CallFacts(null, ["10.201.0.3"], CallFacts.Connected, 1), [Target], []);

    [Fact]
    public void A_way_that_works_has_no_problem_and_names_each_step() =>
        PathJudgement.Of(Whole).Select(step => (step.Check, step.Level)).ShouldBe(
            [.. new[] { "caller", "address", "name", "target", "way", "listener", "call" }.Select(step => (step, FindingLevel.Ok))]);

    [Fact]
    public void Another_deployment_is_never_reached() => PathJudgement.OtherDeployment("shop/app", "bank/db").ShouldHaveSingleItem().Message.ShouldContain("different deployments");

    [Fact]
    public void A_caller_that_does_not_run_is_named_with_its_cause() =>
        Problem(Whole with { CallerInstance = null, CallerCause = "crash loop", Call = null }, "caller").ShouldContain("crash loop");

    [Fact]
    public void A_name_that_leads_nowhere_is_a_problem() => Problem(Whole with { Call = new CallFacts(null, [], CallFacts.Connected, 1) }, "name").ShouldContain("leads nowhere");

    [Fact]
    public void A_name_that_leads_elsewhere_is_a_problem() => Problem(Whole with { Call = new CallFacts(null, ["192.0.2.9"], CallFacts.Connected, 1) }, "name").ShouldContain("192.0.2.9");

    [Fact]
    public void A_target_without_an_instance_is_a_problem() => Problem(Failed() with { Targets = [] }, "target").ShouldContain("no instance");

    [Fact]
    public void A_target_on_a_runner_that_is_away_is_a_problem() => Problem(Failed(Target with { Reachable = false, Listeners = null }), "target").ShouldContain("not heard of");

    [Fact]
    public void A_target_that_is_not_ready_says_why() =>
        Problem(Failed(Target with { Health = InstanceHealth.Unhealthy, Cause = "its health check failed" }), "target").ShouldContain("its health check failed");

    [Fact]
    public void A_tunnel_that_is_down_says_why() =>
        Problem(Failed(Target with { Link = Link with { State = TunnelState.BackingOff, Problem = "connection timed out" } }), "way").ShouldContain("connection timed out");

    [Fact]
    public void Runners_without_a_tunnel_are_a_problem() => Problem(Failed(Target with { Link = null }), "way").ShouldContain("no tunnel");

    [Fact]
    public void A_server_that_listens_at_loopback_only_is_told_so() =>
        Problem(Failed(Target with { Listeners = new ListenerFacts(null, ["127.0.0.1:5432"]) }), "listener").ShouldContain("127.0.0.1:5432 only");

    [Fact]
    public void A_server_that_listens_elsewhere_is_told_where() =>
        Problem(Failed(Target with { Listeners = new ListenerFacts(null, ["[::]:3306"]) }), "listener").ShouldContain("[::]:3306");

    [Fact]
    public void A_server_that_listens_nowhere_is_told_so() => Problem(Failed(Target with { Listeners = new ListenerFacts(null, []) }), "listener").ShouldContain("any TCP port");

    [Theory]
    [InlineData("ConnectionRefused", "nothing may take it")]
    [InlineData("TimedOut", "warp doctor")]
    public void A_call_that_fails_is_said_with_its_error_and_a_next_step(string outcome, string step)
    {
        var view = Whole with { Call = new CallFacts(null, ["10.201.0.3"], outcome, 1) };

        Problem(view, "call").ShouldContain(outcome);
        PathJudgement.Of(view).Last().Remedy!.ShouldContain(step);
    }

    [Fact]
    public void What_was_refused_lately_is_said() =>
        PathJudgement.Of(Whole with { Refusals = ["r2 refused it"] }).Last().ShouldSatisfyAllConditions(
            step => step.Level.ShouldBe(FindingLevel.Warning), step => step.Message.ShouldContain("r2 refused it"));

    private static PathView Failed(params ImmutableArray<TargetInstance> targets) => Whole with { Targets = targets, Call = null };

    private static string Problem(PathView view, string check)
    {
        var problem = PathJudgement.Of(view).Where(step => step.Level == FindingLevel.Problem).ShouldHaveSingleItem();
        problem.Check.ShouldBe(check);
        problem.Remedy.ShouldNotBeNull("whatever is not well has a next step");
        return problem.Message;
    }
}
