using System.Text;
using Akka.Actor;
using Akka.Remote;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.MultiNode.Tests;

public sealed class DeploymentOnTwoRunnersTests : IAsyncLifetime
{
    private static readonly DeploymentName Shop = DeploymentName.Parse("shop");
    private TestCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_wish_sent_to_any_node_reaches_both_runners_and_outlives_the_control_node()
    {
        var accepted = await Deploy(_cluster.R1, """{ "services": [ { "name": "app", "image": "app:1" }, { "name": "db", "image": "db:1" } ] }""");
        accepted.View.Services.Select(service => service.Instances.Single().Runner.Value).ShouldBe(["r1", "r2"], ignoreOrder: true);
        await RunningAsync();
        Last(_cluster.R1).Services.Select(service => service.IstAddress.ToString()).ShouldBe(["10.201.0.1", "10.201.0.2"]);
        Last(_cluster.R2).Version.ShouldBe(Last(_cluster.R1).Version);

        await _cluster.RestartControlAsync();
        await RunningAsync();
        var view = await _cluster.R2.Actors.Deployments.Ask<DeploymentView>(new GetDeployment(Shop), TestCluster.Patience);
        view.Services.ShouldAllBe(service => service.Instances.Single().Generation == 1);
        await TestCluster.UntilAsync(
            async () => (await _cluster.Control.Actors.Catalog!.Ask<DeploymentList>(new ListDeployments(), TestCluster.Patience)).Deployments.Length == 1, "the catalog has it again");

        await _cluster.R1.Actors.Deployments.Ask<DeploymentRemoving>(new RemoveDeployment(Shop), TestCluster.Patience);
        await TestCluster.UntilAsync(
            async () => await _cluster.R1.Actors.Deployments.Ask<IWarpMessage>(new GetDeployment(Shop), TestCluster.Patience) is DeploymentNotFound, "it is removed");
        (Last(_cluster.R1).Removed, Last(_cluster.R2).Removed).ShouldBe((true, true));
    }

    [Fact]
    public async Task The_largest_document_gets_through_and_so_does_one_that_replaces_all_of_it()
    {
        await Deploy(_cluster.R2, Largest("i:1"));
        await RunningAsync();
        await Deploy(_cluster.R1, Largest("i:2"));
        await TestCluster.UntilAsync(
            async () => (await _cluster.R1.Actors.Deployments.Ask<DeploymentView>(new GetDeployment(Shop), TestCluster.Patience)).Rollout == RolloutState.Completed, "every service is replaced");

        static string Largest(string image)
        {
            const int Services = 200;
            var value = new string('é', SpecParser.MaxSpecBytes / Services / 7);
            var services = Enumerable.Range(0, Services).Select(i => $$"""{ "name": "s{{i}}", "image": "{{image}}", "variables": { "A": "{{value}}" } }""");
            return $$"""{ "services": [ {{string.Join(',', services)}} ] }""";
        }
    }

    [Fact]
    public async Task A_node_with_a_certificate_of_another_authority_does_not_get_in()
    {
        using var foreign = new TestAuthority();
        var refused = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var intruder = TestNode.Start(foreign, "r3", TestPorts.Next(), "runner", Path.GetTempPath(), _cluster.ControlPort);
        intruder.System.EventStream.Subscribe(intruder.System.ActorOf(Props.Create(() => new Listener(refused))), typeof(AssociationErrorEvent));
        (await refused.Task.WaitAsync(TestCluster.Patience)).ShouldContain(_cluster.ControlPort.ToString(System.Globalization.CultureInfo.InvariantCulture));
        AkkaCluster.Get(_cluster.Control.System).State.Members.Count.ShouldBe(3);
    }

    private static Assignment Last(TestNode node) => node.Runner.Assignments.Last(assignment => assignment.Deployment == Shop);

    private static async Task<DeploymentAccepted> Deploy(TestNode node, string document)
    {
        var parsed = SpecParser.Parse(Shop, Encoding.UTF8.GetBytes(document));
        parsed.Problems.ShouldBeEmpty();
        return (await node.Actors.Deployments.Ask<IWarpMessage>(new ApplyDeployment(parsed.Spec!), TestCluster.Patience)).ShouldBeOfType<DeploymentAccepted>();
    }

    private Task RunningAsync() => TestCluster.UntilAsync(
        async () =>
        {
            var view = await _cluster.R1.Actors.Deployments.Ask<DeploymentView>(new GetDeployment(Shop), TestCluster.Patience);
            return view.Services.SelectMany(service => service.Instances).All(instance => instance is { RunnerReachable: true, Observed.Phase: InstancePhase.Running });
        },
        "every service runs");

    private sealed class Listener : ReceiveActor
    {
        public Listener(TaskCompletionSource<string> refused) => Receive<AssociationErrorEvent>(error => refused.TrySetResult(error.ToString()));
    }
}
