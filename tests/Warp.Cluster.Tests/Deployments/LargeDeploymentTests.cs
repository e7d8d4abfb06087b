using System.Collections.Immutable;
using System.Diagnostics;
using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;
using Xunit.Abstractions;

namespace Warp.Cluster.Tests.Deployments;

/// <summary>200 services with a megabyte of variables among them; what it costs is printed.</summary>
public sealed class LargeDeploymentTests(ITestOutputHelper output)
{
    private const int VariableBytes = 1024 * 1024;

    /// <summary><c>maximum-frame-size</c> in <c>hocon/akka.conf</c>.</summary>
    private const int FrameBytes = 8 * 1024 * 1024;

    [Fact]
    public void The_state_and_what_runners_are_told_stay_small_over_many_revisions_and_a_plan_of_no_change_is_empty()
    {
        var story = new DeploymentStory(Sample.R1, Sample.R2).Deploy(Services(1)).Settle();
        var largest = 0;
        for (var revision = 2; revision <= 13; revision++)
        {
            story.Deploy(Services(revision));
            largest = Math.Max(largest, Sample.Json(DeploymentPlan.Assignment(story.State)).Length);
            story.Settle();
        }

        story.View.Rollout.ShouldBe(RolloutState.Completed);
        var state = Sample.Json(story.State).Length;
        output.WriteLine($"assignment during a rollout of all services: {largest / 1024} KiB; state with its history: {state / 1024} KiB");
        largest.ShouldBeLessThan(FrameBytes);
        state.ShouldBeLessThan(9 * VariableBytes);

        WishPlan.Of(story.State, Sample.Spec(Services(13)), story.Sight, Sample.Range).ShouldBeOfType<DeploymentPlanned>().Services.ShouldBeEmpty();
        Measure("plan, no change", () => WishPlan.Of(story.State, Sample.Spec(Services(13)), story.Sight, Sample.Range));
        Measure("plan, every service changes", () => WishPlan.Of(story.State, Sample.Spec(Services(14)), story.Sight, Sample.Range));
        Measure("apply, no change", () => story.Wish(new ApplyDeployment(Sample.Spec(Services(13)))));
        Measure("one look at the world", () => RolloutDecider.Advance(story.State, story.Sight, Sample.Range));
        Measure("view", () => _ = story.View);
        Measure("snapshot", () => Sample.Json(story.State));
    }

    private static ServiceSpec[] Services(int image) =>
    [
        .. Enumerable.Range(0, SpecValidator.MaxServices).Select(i => Sample.Service($"s{i}", $"image:{image}") with
        {
            Variables = ImmutableSortedDictionary<string, string>.Empty.Add("TEXT", Text(i)),
        }),
    ];

    /// <summary>Random letters, which do not pack well.</summary>
    private static string Text(int seed) => string.Create(VariableBytes / SpecValidator.MaxServices, seed, (text, s) =>
    {
        foreach (ref var letter in text)
        {
            s = unchecked((s * 1103515245) + 12345);
            letter = (char)('a' + (((s >> 16) & 0x7fff) % 26));
        }
    });

    private void Measure(string what, Action action)
    {
        const int Rounds = 20;
        action();
        GC.Collect();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Rounds; i++)
        {
            action();
        }

        output.WriteLine($"{what}: {watch.Elapsed.TotalMilliseconds / Rounds:0.0} ms");
    }
}
