using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

public sealed class WishPlanTests
{
    private static readonly ServiceSpec App = Sample.Service("app") with { Variables = ImmutableSortedDictionary<string, string>.Empty.Add("A", "1").Add("SECRET", "old").Add("GONE", "x") };
    private static readonly ServiceSpec Db = Sample.Service("db");
    private static readonly ServiceSpec Store = Sample.Service("store") with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: false)] };

    [Fact]
    public void A_first_wish_creates_everything_and_says_where()
    {
        var planned = Plan(Story(), App with { Replicas = 3 }, Db);
        planned.Revision.ShouldBe(0);
        Lines(planned).ShouldBe(["app Create r1 r2 r1", "db Create r1"]);
    }

    [Fact]
    public void A_wish_that_changes_nothing_has_an_empty_plan() => Plan(Running(), App, Db, Store).Services.ShouldBeEmpty();

    [Fact]
    public void Each_kind_of_change_is_named_and_what_is_not_touched_is_left_out()
    {
        var story = Running();
        Lines(Plan(story, App with { Image = "image:2" }, Db, Store)).ShouldBe(["app Replace r1"]);
        Lines(Plan(story, App, Db, Store with { Image = "image:2" })).ShouldBe(["store StopAndReplace r1"]);
        Lines(Plan(story, App with { Runner = Sample.R2 }, Db, Store)).ShouldBe(["app Move r2"]);
        Lines(Plan(story, App with { Replicas = 2 }, Db, Store)).ShouldBe(["app Scale r1 r2"]);
        Lines(Plan(story, App with { Public = false, Runner = Sample.R1 }, Db, Store)).ShouldBe(["app Update r1"]);
        Lines(Plan(story, Db, App)).ShouldBe(["store Remove"]);
        story.State.Revision.ShouldBe(1);
    }

    [Fact]
    public void Reasons_name_the_fields_and_never_the_value_of_a_variable()
    {
        var changed = App with
        {
            Image = "image:2",
            Port = 80,
            Variables = ImmutableSortedDictionary<string, string>.Empty.Add("A", "1").Add("SECRET", "new").Add("FRESH", "y"),
            Health = new HealthCheck(HealthCheckKind.Http, Path: "/up"),
            Resources = new ResourceLimits(1500),
        };
        Plan(Running(), changed, Db, Store).Services.Single().Reasons.ShouldBe(
        [
            "image: image:1 -> image:2",
            "port: none -> 80",
            "health: none -> http /up every 10 s, 5 s each, 3 times, 60 s to start",
            "resources.cpus: none -> 1.5",
            "variable FRESH is new",
            "variable GONE goes",
            "variable SECRET has another value",
        ]);
    }

    [Fact]
    public void Other_labels_replace_everything()
    {
        var planned = (DeploymentPlanned)WishPlan.Of(Running().State, Sample.Spec(App, Db, Store) with { Environment = "test" }, Running().Sight, Sample.Range);
        planned.Services.Select(service => service.Action).ShouldBe([PlannedAction.Replace, PlannedAction.Replace, PlannedAction.StopAndReplace]);
        planned.Services[1].Reasons.ShouldBe(["environment: default -> test"]);
    }

    [Fact]
    public void A_wish_that_would_be_refused_is_refused() =>
        WishPlan.Of(Running().State, Sample.Spec(App with { Runner = RunnerId.Parse("r9") }), Running().Sight, Sample.Range).ShouldBeOfType<DeploymentRejected>();

    private static DeploymentStory Story() => new DeploymentStory().Know(Sample.Runner(Sample.R1, volumes: ["data"]), Sample.Runner(Sample.R2, instances: 1));

    private static DeploymentStory Running() => Story().Deploy(App, Db, Store).Settle();

    private static DeploymentPlanned Plan(DeploymentStory story, params ServiceSpec[] services) =>
        (DeploymentPlanned)WishPlan.Of(story.State, Sample.Spec(services), story.Sight, Sample.Range);

    private static IEnumerable<string> Lines(DeploymentPlanned planned) => planned.Services.Select(service => string.Join(' ', [service.Service.Value, service.Action.ToString(), .. service.Runners]));
}
