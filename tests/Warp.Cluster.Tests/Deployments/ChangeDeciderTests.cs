using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class ChangeDeciderTests
{
    private static readonly ServiceSpec App = Sample.Service("app");
    private static readonly ServiceSpec Db = Sample.Service("db") with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: false), new VolumeNeed("conf", "/conf", ReadOnly: true)] };

    [Fact]
    public void Each_change_is_a_revision_with_its_reason()
    {
        var story = Running().Change(new ScaleService(App.Name, 2)).Change(new MoveService(App.Name, Sample.R2)).Change(new RestartServices(null)).Change(new RestartServices(App.Name));
        RevisionHistory.View(story.State).Revisions.Select(revision => (revision.Revision, revision.Reason, revision.Completed)).ShouldBe(
        [
            (5, "restart of app", false),
            (4, "restart", false),
            (3, "move of app to r2", false),
            (2, "scale of app to 2", false),
            (1, "deploy", true),
        ]);
    }

    [Fact]
    public void What_is_so_already_changes_nothing()
    {
        var story = Running();
        story.Wish(new ChangeDeployment(Sample.Shop, new ScaleService(App.Name, 1))).ShouldBe(Decision.Nothing);
        story.Change(new MoveService(App.Name, Sample.R1)).Wish(new ChangeDeployment(Sample.Shop, new MoveService(App.Name, Sample.R1))).ShouldBe(Decision.Nothing);
    }

    [Theory]
    [InlineData("service", "nothing")]
    [InlineData("replicas", "replicas")]
    [InlineData("services[0].runner", "r9")]
    [InlineData("revision", "revision 7")]
    public void What_cannot_be_is_refused_and_the_field_is_named(string field, string what)
    {
        DeploymentChange change = what switch
        {
            "nothing" => new RestartServices(Sample.Name("nothing")),
            "replicas" => new ScaleService(App.Name, 101),
            "r9" => new MoveService(App.Name, RunnerId.Parse("r9")),
            _ => new RollBack(7),
        };
        var problem = Running().Wish(new ChangeDeployment(Sample.Shop, change)).Problems.ShouldHaveSingleItem();
        problem.Field.ShouldBe(field);
        problem.Message.ShouldContain(what switch { "nothing" => "there are app", "replicas" => "1 to 100", "r9" => "known are r1, r2", _ => "kept are 1" });
    }

    [Fact]
    public void A_deployment_that_is_not_wished_cannot_be_changed() =>
        new DeploymentStory(Sample.R1).Wish(new ChangeDeployment(Sample.Shop, new RestartServices(null))).Refusal.ShouldBe(new DeploymentNotFound(Sample.Shop));

    [Fact]
    public void A_service_with_volumes_goes_only_where_all_of_them_are()
    {
        var story = new DeploymentStory().Know(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2, volumes: ["conf", "data"])).Deploy(Db).Settle();
        story.Places.ShouldBe(["db#0@1 r2"]);
        var problem = story.Wish(new ChangeDeployment(Sample.Shop, new MoveService(Db.Name, Sample.R1))).Problems.ShouldHaveSingleItem();
        problem.Message.ShouldBe(
            "'db' cannot go from 'r2' to 'r1': 'r1' has not the volumes 'data' and 'conf'; run 'warp volume create data --runner r1' and run 'warp volume create conf --runner r1'");
        story.Know(Sample.Runner(Sample.R1, volumes: ["conf", "data"]), Sample.Runner(Sample.R2, volumes: ["conf", "data"])).Change(new MoveService(Db.Name, Sample.R1)).Settle().Places.ShouldBe(["db#0@2 r1"]);
    }

    [Fact]
    public void A_service_waits_for_its_volume_and_says_how_to_make_it()
    {
        var story = new DeploymentStory(Sample.R1, Sample.R2).Deploy(App, Db);
        story.Places.ShouldBe(["app#0@1 r1"]);
        story.View.Services[1].Waiting.ShouldBe(
            "it waits: no runner has the volumes 'data' and 'conf'; run 'warp volume create data --runner RUNNER' and run 'warp volume create conf --runner RUNNER'");
        story.Know(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2, volumes: ["conf", "data"])).Places.ShouldBe(["app#0@1 r1", "db#0@1 r2"]);
    }

    [Fact]
    public void Without_a_number_a_rollback_goes_to_the_last_revision_that_was_serving()
    {
        var story = Running().Deploy(App with { Image = "image:2" }).Settle().Deploy(App with { Image = "image:3" }).Change(new RollBack(null));
        (story.State.Revision, story.State.Spec!.Services[0].Image).ShouldBe((4, "image:2"));
        RevisionHistory.View(story.State).Revisions[0].Reason.ShouldBe("rollback from 3 to 2");
        story.Settle().Change(new RollBack(1)).Settle().View.Services[0].Image.ShouldBe("image:1");
        story.View.Rollout.ShouldBe(RolloutState.Completed);
    }

    [Fact]
    public void A_rollback_that_is_bound_to_a_project_does_not_leave_it()
    {
        var story = Running();
        var project = story.State.Spec!.Project;
        story.Deploy(App with { Image = "image:2" }).Settle();

        var problem = story.Wish(new ChangeDeployment(Sample.Shop, new RollBack(1, "other"))).Problems.ShouldHaveSingleItem();

        problem.Message.ShouldBe($"the deployment belonged to the project '{project}' at revision 1, and this rollback may not take it out of 'other'");
        story.Change(new RollBack(1, project)).Settle().View.Services[0].Image.ShouldBe("image:1");
    }

    [Fact]
    public void Ten_revisions_are_kept_and_the_last_that_was_serving_with_them()
    {
        var story = Running();
        for (var i = 2; i <= 15; i++)
        {
            story.Deploy(App with { Image = $"image:{i}" });
        }

        RevisionHistory.Numbers(story.State).ShouldBe([1, .. Enumerable.Range(6, 10)]);
        story.Restart().Change(new RollBack(null)).State.Spec!.Services[0].Image.ShouldBe("image:1");
    }

    [Fact]
    public void A_service_that_writes_a_volume_keeps_one_instance()
    {
        var db = App with { Volumes = [new VolumeNeed("rows", "/data", ReadOnly: false)] };
        var refusal = new DeploymentStory(Sample.R1).Deploy(db).Wish(new ChangeDeployment(Sample.Shop, new ScaleService(db.Name, 2))).Refusal.ShouldBeOfType<DeploymentRejected>();
        refusal.Problems.ShouldHaveSingleItem().Message.ShouldContain("'rows' would be written by 2 instances");
    }

    private static DeploymentStory Running() => new DeploymentStory(Sample.R1, Sample.R2).Deploy(App).Settle();
}
