using CsCheck;
using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

/// <summary>Any story of wishes, reports on time and late, failures, lost runners and restarted control nodes.</summary>
public sealed class DeploymentStoriesTests
{
    private static readonly ServiceName[] Names = [Sample.Name("app"), Sample.Name("db"), Sample.Name("store")];

    [Fact]
    public void What_served_goes_on_serving_generations_rise_and_in_the_end_everything_is_in_place() =>
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 7], Gen.Int[0, 2], Gen.Int[0, 3]).Array[1, 40].Sample(steps =>
        {
            var story = new DeploymentStory();
            var served = new HashSet<(ServiceName, int)>();
            var past = new List<Assignment>();
            Know(story, 3);
            foreach (var step in steps)
            {
                var before = story.State;
                past.Add(DeploymentPlan.Assignment(before));
                Take(story, step, past);
                Check(before, story.State, served);
            }

            Know(story, 3);
            story.Settle();
            if (story.State.IsWanted)
            {
                story.View.Rollout.ShouldBe(story.State.Failure is null ? RolloutState.Completed : RolloutState.RolledBack, story.View.Outcome);
                story.State.Placements.Count().ShouldBe(story.State.Spec!.Services.Sum(service => service.Replicas));
            }

            story.Restart();
        });

    private static void Take(DeploymentStory story, (int Kind, int Services, int Number, int Runners) step, List<Assignment> past)
    {
        var (kind, services, number, runners) = step;
        var (name, runner) = (Names[services % 3], runners % 2 == 0 ? Sample.R1 : Sample.R2);
        switch (kind)
        {
            case 0 or 1:
                story.Wish(new ApplyDeployment(Wish(services, number, runners)));
                break;
            case 2:
                story.Wish(new ChangeDeployment(Sample.Shop, new MoveService(name, runner)));
                break;
            case 3:
                story.Wish(new ChangeDeployment(Sample.Shop, new ScaleService(name, 1 + number)));
                break;
            case 4:
                story.Wish(new ChangeDeployment(Sample.Shop, number == 0 ? new RollBack(null) : new RestartServices(number == 1 ? null : name)));
                break;
            case 5:
                story.Wish(new RemoveDeployment(Sample.Shop));
                break;
            case 6:
                Know(story, runners);
                break;
            case 7:
                story.Forward(TimeSpan.FromSeconds(5 * (1 + number)));
                break;
            case 8:
                story.Restart();
                break;
            case 9:
                story.Take(Sample.Done(past[^Math.Min(past.Count, 1 + services)], runner));
                break;
            case 10:
                story.Report(runner, observed => Failing(observed, number));
                break;
            default:
                story.Report(runner);
                break;
        }
    }

    private static DeploymentSpec Wish(int services, int image, int replicas) => new(
        Sample.Shop,
        "default",
        (services & 4) != 0 ? "test" : "default",
        [
            Sample.Service("app", $"image:{image}") with { Replicas = 1 + (replicas % 3) },
            .. (services & 1) != 0 ? new[] { Sample.Service("db", $"image:{image % 2}") } : [],
            .. (services & 2) != 0 ? new[] { Sample.Service("store", $"image:{image}") with { Volumes = [new VolumeNeed("data", "/data", ReadOnly: false)] } } : [],
        ]);

    private static void Know(DeploymentStory story, int reachable) => story.Know(
        Sample.Runner(Sample.R1, reachable: (reachable & 1) != 0, volumes: ["data"]), Sample.Runner(Sample.R2, reachable: (reachable & 2) != 0, volumes: ["data"]));

    private static InstanceObserved? Failing(InstanceObserved observed, int number) => number switch
    {
        0 => observed with { Health = InstanceHealth.Starting },
        1 => observed with { Phase = InstancePhase.BackingOff, Restarts = 3 },
        _ => null,
    };

    private static void Check(DeploymentState before, DeploymentState after, HashSet<(ServiceName, int)> served)
    {
        after.Version.ShouldBeGreaterThanOrEqualTo(before.Version);
        if (!string.Equals(Sample.Json(DeploymentPlan.Assignment(before)), Sample.Json(DeploymentPlan.Assignment(after)), StringComparison.Ordinal))
        {
            after.Version.ShouldBeGreaterThan(before.Version);
        }

        after.Services.Select(service => service.IstAddress).Concat(after.Leaving.Select(service => service.IstAddress)).ShouldBeUnique();
        foreach (var placed in after.Placements)
        {
            after.Runners.Contains(placed.Placement.Runner).ShouldBeTrue();
            if (!before.Placements.Any(known => known.Service == placed.Service && known.Placement.Generation == placed.Placement.Generation))
            {
                placed.Placement.Generation.ShouldBeGreaterThan(Last(before, placed.Service));
            }
        }

        served.RemoveWhere(ordinal => !after.IsWanted || after.Wished.All(wished => wished.Spec.Name != ordinal.Item1 || wished.Spec.Replicas <= ordinal.Item2));
        if (!after.IsWanted || before.Removing)
        {
            served.Clear();
        }

        foreach (var (spec, service) in after.IsWanted ? after.Wished : [])
        {
            foreach (var ordinal in service.Placements.GroupBy(placed => placed.Placement.Ordinal))
            {
                ordinal.Count(placed => placed.Placement.Role == PlacementRole.Serving).ShouldBeLessThanOrEqualTo(1);
                ordinal.Count(placed => placed.Placement.Role == PlacementRole.Starting).ShouldBeLessThanOrEqualTo(1);
                if (!spec.StopsFirst && ordinal.Any(placed => placed.Placement.Role == PlacementRole.Serving))
                {
                    served.Add((spec.Name, ordinal.Key));
                }
            }

        }

        served.Except(after.Placements.Where(placed => placed.Placement.Role == PlacementRole.Serving).Select(placed => (placed.Service, placed.Placement.Ordinal)))
            .ShouldBeEmpty("what served goes on serving");
    }

    private static long Last(DeploymentState state, ServiceName service) =>
        state.Services.FirstOrDefault(known => known.Service == service)?.LastGeneration ?? state.Retired.FirstOrDefault(known => known.Service == service)?.LastGeneration ?? 0;
}
