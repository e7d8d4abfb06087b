using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Placements;
using Xunit;

namespace Warp.Cluster.Tests.Placements;

public sealed class PlacementRuleTests
{
    [Fact]
    public void The_least_loaded_runner_is_chosen() =>
        Choose(Sample.Directory(Sample.Runner(Sample.R1, instances: 3), Sample.Runner(Sample.R2, instances: 2))).ShouldBe(Sample.R2);

    [Fact]
    public void Of_equals_the_first_by_name_is_chosen() =>
        Choose(Sample.Directory(Sample.Runner(Sample.R2), Sample.Runner(Sample.R1))).ShouldBe(Sample.R1);

    [Fact]
    public void What_the_same_decision_places_counts_as_load() =>
        PlacementRule.Choose(Sample.Service("db"), null, Sample.Directory(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2)), new PlacementLoad([], new Dictionary<RunnerId, int> { [Sample.R1] = 1 }))
            .ShouldBe(Sample.R2);

    [Fact]
    public void A_runner_without_an_engine_or_out_of_reach_is_not_chosen()
    {
        var directory = Sample.Directory(Sample.Runner(Sample.R1, engine: false), Sample.Runner(Sample.R2, reachable: false));
        Choose(directory).ShouldBeNull();
        var why = PlacementRule.WhyWaiting(Sample.Service("db"), directory);
        why.ShouldContain("r1 has no container engine that answers");
        why.ShouldContain("r2 is not reachable");
    }

    [Fact]
    public void The_named_runner_is_chosen_even_when_it_is_out_of_reach_or_busy() =>
        PlacementRule.Choose(
            Sample.Service("db", runner: Sample.R2), Sample.R1, Sample.Directory(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2, 9, reachable: false)), PlacementLoad.None).ShouldBe(Sample.R2);

    [Fact]
    public void A_named_runner_that_was_never_heard_of_is_waited_for()
    {
        var service = Sample.Service("db", runner: Sample.R2);
        PlacementRule.Choose(service, null, Sample.Directory(Sample.Runner(Sample.R1)), PlacementLoad.None).ShouldBeNull();
        PlacementRule.WhyWaiting(service, Sample.Directory(Sample.Runner(Sample.R1))).ShouldContain("'r2'");
    }

    [Fact]
    public void A_service_stays_where_it_is_even_when_its_runner_is_out_of_reach() =>
        PlacementRule.Choose(Sample.Service("db"), Sample.R2, Sample.Directory(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2, reachable: false)), PlacementLoad.None).ShouldBe(Sample.R2);

    private static RunnerId? Choose(RunnerDirectory directory) => PlacementRule.Choose(Sample.Service("db"), null, directory, PlacementLoad.None);
}
