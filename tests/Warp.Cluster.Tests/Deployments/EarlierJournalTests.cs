using System.Text;
using System.Text.Json;
using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Serialization;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

/// <summary>Journals and snapshots that were written before there were rollouts.</summary>
public sealed class EarlierJournalTests
{
    private const string Services = """
        "spec":{"name":"shop","project":"default","environment":"default","services":[
          {"name":"app","image":"image:2","pull":"Missing","args":[],"variables":{},"port":null,"runner":null,"stopGraceSeconds":10}]}
        """;

    private static readonly string App2Hash = ServiceSpecHash.Of(Sample.Service("app", "image:2"));

    [Fact]
    public void A_placement_of_then_takes_the_place_of_the_one_before_and_a_service_that_went_is_gone_at_once()
    {
        var story = new DeploymentStory(Sample.R1).Deploy(Sample.Service("app"), Sample.Service("db"));
        var state = Replay(
            story.State,
            ("ev.applied:1", $$"""{"revision":2,"version":3,{{Services}},"addresses":[{"service":"app","istAddress":"10.201.0.1"}]}"""),
            ("ev.placed:1", $$"""{"version":4,"placements":[{"service":"app","placement":{"ordinal":0,"generation":2,"runner":"r1"},"specHash":"{{App2Hash}}"}]}"""));
        state.Placements.Select(placed => (placed.Service.Value, placed.Placement.Generation, placed.Placement.Role)).ShouldBe([("app", 2, PlacementRole.Serving)]);
        state.Leaving.ShouldBeEmpty();
        DeploymentPlan.Assignment(state).Services.Single().ShouldSatisfyAllConditions(
            service => service.FormerSpec.ShouldBeNull(),
            service => service.Placements.ShouldBe([new Placement(0, 2, Sample.R1)]));
    }

    [Fact]
    public void A_snapshot_of_then_goes_on_serving_becomes_complete_and_can_be_gone_back_to()
    {
        var snapshot = (DeploymentState)Read("dep.state:1", $$"""
            {"deployment":"shop","revision":7,"version":12,{{Services}},"removing":false,
             "services":[{"service":"app","istAddress":"10.201.0.1","lastGeneration":2,
               "placements":[{"service":"app","placement":{"ordinal":0,"generation":2,"runner":"r1"},"specHash":"{{App2Hash}}"}]}],
             "retired":[],"runners":["r1"]}
            """);
        var story = new DeploymentStory(Sample.R1);
        var sight = story.Sight with { Runners = new Dictionary<RunnerId, RunnerSight> { [Sample.R1] = RunnerSight.From(Sample.Done(DeploymentPlan.Assignment(snapshot), Sample.R1), null, story.Now) } };
        var looked = RolloutDecider.Advance(snapshot, sight, Sample.Range);
        looked.Events[^1].ShouldBe(new RolloutCompleted(7));
        var complete = looked.Events.Aggregate(snapshot, DeploymentEvolution.Apply);
        RevisionHistory.View(complete).Revisions.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            revision => revision.Revision.ShouldBe(7),
            revision => revision.Completed.ShouldBeTrue());

        var changed = WishDecider.Decide(complete, new ApplyDeployment(Sample.Spec(Sample.Service("app", "image:3"))), sight, Sample.Range).Events.Aggregate(complete, DeploymentEvolution.Apply);
        DeploymentPlan.Assignment(changed).Services.Single().FormerSpec?.Image.ShouldBe("image:2");
        RevisionHistory.LastCompleted(changed).ShouldBe(7);
    }

    private static DeploymentState Replay(DeploymentState state, params (string Manifest, string Content)[] events) =>
        events.Aggregate(state, (current, next) => current.Apply((IDeploymentEvent)Read(next.Manifest, next.Content)));

    private static object Read(string manifest, string content) =>
        JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(content), WarpManifests.ByManifest[manifest])!;
}
