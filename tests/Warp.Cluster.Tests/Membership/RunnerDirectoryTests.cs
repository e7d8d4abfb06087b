using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Membership;

/// <summary>What deployments in which nothing is open may pass over: thousands of them hear of each change.</summary>
public sealed class RunnerDirectoryTests
{
    private static readonly RunnerDirectory Before = Sample.Directory(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2, 3));

    [Fact]
    public void More_instances_on_a_runner_are_no_news_to_who_has_a_place() =>
        Before.IsLike(Sample.Directory(Sample.Runner(Sample.R1, 1), Sample.Runner(Sample.R2, 2))).ShouldBeTrue();

    [Fact]
    public void Whatever_else_is_other_is_news()
    {
        RunnerDirectory[] others =
        [
            Sample.Directory(Sample.Runner(Sample.R1)),
            Sample.Directory(Sample.Runner(Sample.R1), Sample.Runner(RunnerId.Parse("r3"), 3)),
            Sample.Directory(Sample.Runner(Sample.R1, reachable: false), Sample.Runner(Sample.R2, 3)),
            Sample.Directory(Sample.Runner(Sample.R1, engine: false), Sample.Runner(Sample.R2, 3)),
            Sample.Directory(Sample.Runner(Sample.R1, volumes: "data"), Sample.Runner(Sample.R2, 3)),
            Sample.Directory(Sample.Runner(Sample.R1) with { Drain = new RunnerDrain(Sample.R1, 30, DateTimeOffset.UnixEpoch) }, Sample.Runner(Sample.R2, 3)),
            Before with { Settled = false },
            Before with { Waited = true },
            Before with { Silent = [Sample.R1] },
            Before with { Removed = [RunnerId.Parse("r9")] },
        ];
        others.Where(Before.IsLike).ShouldBeEmpty();
    }
}
