using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class WishDeciderTests
{
    private static readonly ServiceSpec App = Sample.Service("app");
    private static readonly ServiceSpec Db = Sample.Service("db");

    [Fact]
    public void New_services_are_spread_over_the_runners_and_serve_at_once() => Deployed().Places.ShouldBe(["app#0@1 r1", "db#0@1 r2"]);

    [Fact]
    public void The_same_wish_again_changes_nothing() => Deployed().Wish(new ApplyDeployment(Sample.Spec(Sample.Service("app"), Sample.Service("db")))).Events.ShouldBeEmpty();

    [Fact]
    public void A_change_that_needs_no_new_container_makes_none() =>
        Deployed().Deploy(App with { Runner = Sample.R1 }, Db with { StopGraceSeconds = 1 }).Places.ShouldBe(["app#0@1 r1", "db#0@1 r2"]);

    [Fact]
    public void Other_labels_mean_new_containers_for_all()
    {
        var story = Deployed();
        story.Wish(new ApplyDeployment(Sample.Spec(App, Db) with { Environment = "test" }));
        story.Settle().Places.ShouldBe(["app#0@2 r1", "db#0@2 r2"]);
    }

    [Fact]
    public void A_service_that_goes_retires_and_has_its_address_and_a_higher_generation_when_it_comes_back()
    {
        var story = Deployed().Settle().Deploy(App);
        story.Places.ShouldBe(["app#0@1 r1", "db#0@1 r2 Retiring"]);
        DeploymentPlan.Assignment(story.State).Services.Select(s => s.Spec.Name.Value).ShouldBe(["app", "db"]);
        story.Settle().Places.ShouldBe(["app#0@1 r1"]);

        story.Deploy(Sample.Service("cache"), Db, App);
        story.State.Services.Select(s => $"{s.Service} {s.IstAddress}").ShouldBe(["cache 10.201.0.3", "db 10.201.0.2", "app 10.201.0.1"]);
        story.State.Services[1].Placements.Single().Placement.Generation.ShouldBe(2);
    }

    [Fact]
    public void A_service_that_comes_back_while_it_leaves_gets_a_new_instance_beside_the_one_that_retires() =>
        Deployed().Settle().Deploy(App).Deploy(App, Db).Places.ShouldBe(["app#0@1 r1", "db#0@1 r2 Retiring", "db#0@2 r2"]);

    [Fact]
    public void An_unknown_runner_is_refused_by_a_directory_that_has_settled_and_waited_for_by_one_that_has_not()
    {
        var wish = new ApplyDeployment(Sample.Spec(App, Db with { Runner = RunnerId.Parse("r9") }));
        var story = Deployed();
        var problem = story.Wish(wish).Problems.ShouldHaveSingleItem();
        (problem.Field, problem.Message.Contains("known are r1, r2", StringComparison.Ordinal)).ShouldBe(("services[1].runner", true));

        var sight = story.Sight with { Directory = story.Directory with { Settled = false } };
        WishDecider.Decide(DeploymentState.Initial(Sample.Shop), wish, sight, Sample.Range).Events.OfType<PlacementsChanged>().Single().Placed.ShouldHaveSingleItem().Service.ShouldBe(App.Name);
    }

    [Fact]
    public void A_full_address_range_refuses_the_wish_and_names_the_service()
    {
        var story = new DeploymentStory(Sample.R1);
        var wish = new ApplyDeployment(Sample.Spec([.. "abc".Select(c => Sample.Service($"{c}"))]));
        WishDecider.Decide(story.State, wish, story.Sight, Ipv4Range.Parse("10.0.0.0/30")).Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            problem => problem.Field.ShouldBe("services[2]"),
            problem => problem.Message.ShouldContain("10.0.0.0/30 has no address left for the service 'c'"));
    }

    [Fact]
    public void A_deployment_without_any_placement_is_removed_at_once()
    {
        var story = new DeploymentStory().Deploy(App);
        story.Wish(new RemoveDeployment(Sample.Shop));
        story.State.IsRemoved.ShouldBeTrue();
    }

    [Fact]
    public void A_wish_during_a_removal_ends_the_removal_with_new_containers_where_the_old_ones_were()
    {
        var story = Deployed();
        story.Wish(new RemoveDeployment(Sample.Shop));
        DeploymentPlan.Assignment(story.State).Removed.ShouldBeTrue();
        story.Deploy(App, Db).Places.ShouldBe(["app#0@1 r1 Retiring", "app#0@2 r1", "db#0@1 r2 Retiring", "db#0@2 r2"]);
        story.Settle().Places.ShouldBe(["app#0@2 r1", "db#0@2 r2"]);
    }

    [Fact]
    public void A_runner_is_released_only_by_a_report_that_is_not_late_and_shows_nothing()
    {
        var story = Deployed().Settle().Change(new MoveService(App.Name, Sample.R2));
        var placed = story.State.Version;
        story.Settle().Places.ShouldBe(["app#0@2 r2", "db#0@1 r2"]);
        story.Journal.OfType<RunnerReleased>().ShouldBe([new RunnerReleased(Sample.R1)]);
        story.Take(new RunnerReport(Sample.Shop, Sample.R2, placed, [])).State.Runners.ShouldBe([Sample.R2]);
    }

    [Fact]
    public void A_wish_for_another_revision_is_a_conflict_that_names_the_present_one()
    {
        var story = Deployed();
        story.Wish(new ApplyDeployment(Sample.Spec(App), ExpectedRevision: 0)).Refusal.ShouldBe(new DeploymentConflict(Sample.Shop, 1));
        story.Wish(new ChangeDeployment(Sample.Shop, new ScaleService(App.Name, 2), ExpectedRevision: 2)).Refusal.ShouldBe(new DeploymentConflict(Sample.Shop, 1));
        story.Wish(new RemoveDeployment(Sample.Shop, ExpectedRevision: 2)).Refusal.ShouldBe(new DeploymentConflict(Sample.Shop, 1));
        new DeploymentStory().Wish(new ApplyDeployment(Sample.Spec(App), ExpectedRevision: 1)).Refusal.ShouldBe(new DeploymentConflict(Sample.Shop, 0));
        story.Wish(new ApplyDeployment(Sample.Spec(App), ExpectedRevision: 1)).Refusal.ShouldBeNull();
    }

    [Fact]
    public void A_repeated_request_does_nothing_and_names_its_revision_even_when_others_came_between()
    {
        var story = new DeploymentStory(Sample.R1);
        var first = new ApplyDeployment(Sample.Spec(App), ExpectedRevision: 0, RequestId: "a");
        story.Wish(first);
        story.Wish(new ApplyDeployment(Sample.Spec(App), RequestId: "same"));
        story.Deploy(Sample.Service("app", "image:2"));
        foreach (var repeated in new[] { first, first with { RequestId = "same" } })
        {
            var decision = story.Wish(repeated);
            (decision.Events.IsEmpty, decision.Repeats).ShouldBe((true, 1));
        }

        for (var i = 0; i < 32; i++)
        {
            story.Wish(new ChangeDeployment(Sample.Shop, new ScaleService(App.Name, 1 + (i % 2)), RequestId: $"{i}"));
        }

        story.State.Requests.Length.ShouldBe(32);
        story.Wish(first).Refusal.ShouldBeOfType<DeploymentConflict>();
    }

    private static DeploymentStory Deployed() => new DeploymentStory(Sample.R1, Sample.R2).Deploy(App, Db);
}
