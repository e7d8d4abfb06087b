using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.MultiNode.Tests;

/// <summary>A second node with the certificate of a runner that lives, such as one whose data folder was copied.</summary>
public sealed class TwoNodesOfOneNameTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task The_second_one_is_named_and_gets_nothing_and_is_forgotten_when_it_is_gone()
    {
        var port = TestPorts.Next();
        await using (var second = TestNode.Start(_cluster.Authority, "r2", port, "runner", Path.GetTempPath(), _cluster.ControlPort))
        {
            await TestCluster.UntilAsync(async () => (await ProblemsAsync()).Any(problem => problem.Contains($"the one at 127.0.0.1:{port} is not listened to", StringComparison.Ordinal)), "it is named");

            var spec = SpecParser.Parse(DeploymentName.Parse("shop"), Encoding.UTF8.GetBytes("""{ "services": [ { "name": "db", "image": "db:1", "runner": "r2" } ] }""")).Spec.ShouldNotBeNull();
            await _cluster.R1.Actors.Deployments.Ask<DeploymentAccepted>(new ApplyDeployment(spec), TestCluster.Patience);
            await TestCluster.UntilAsync(
                async () => await _cluster.R1.Actors.Deployments.Ask<IWarpMessage>(new GetDeployment(spec.Name), TestCluster.Patience) is DeploymentView { Rollout: RolloutState.Completed }, "db runs");
            _cluster.R2.Runner.Assignments.ShouldNotBeEmpty();
            second.Runner.Assignments.ShouldBeEmpty();
        }

        await TestCluster.UntilAsync(async () => (await ProblemsAsync()).IsEmpty, "it is forgotten");
    }

    private async Task<ImmutableArray<string>> ProblemsAsync() =>
        (await _cluster.Control.Actors.Directory!.Ask<RunnerList>(new ListRunners(), TestCluster.Patience)).Runners.Single(runner => runner.Status.Runner == RunnerId.Parse("r2")).Status.Problems;
}
