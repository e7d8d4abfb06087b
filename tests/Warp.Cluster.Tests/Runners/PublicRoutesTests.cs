using Akka.Actor;
using Shouldly;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

public sealed class PublicRoutesTests : RunnerTestKit
{
    public PublicRoutesTests() => Options = Options with
    {
        PublicLookEvery = TimeSpan.FromMilliseconds(20),
        PublicAskAfter = TimeSpan.FromMinutes(1),
        LateFor = TimeSpan.FromMinutes(1),
    };

    [Fact]
    public void What_control_nodes_tell_is_served_and_kept_on_disk()
    {
        StartRunner().Tell(Routes(1));

        Eventually(() => Ingress.Published.Any(routes => routes.Version == 1) && Store.Public.ContainsKey(Shop));
    }

    [Fact]
    public void A_runner_that_starts_again_serves_what_it_kept_before_any_control_node_answers()
    {
        Store.Public[Shop] = Routes(7);

        StartRunner();

        Eventually(() => Ingress.Published.Any(routes => routes.Version == 7));
    }

    [Fact]
    public void An_older_version_is_late_and_the_same_again_changes_nothing()
    {
        var runner = StartRunner();
        runner.Tell(Routes(5));
        Eventually(() => !Ingress.Published.IsEmpty);
        var publications = Ingress.Publications;

        runner.Tell(Routes(4, port: 9));
        runner.Tell(Routes(5));
        runner.Tell(Routes(6, port: 81));

        Eventually(() => Ingress.Published is [{ Version: 6 }]);
        Ingress.Publications.ShouldBe(publications + 1);
    }

    [Fact]
    public void A_deployment_without_public_services_is_served_no_more_and_forgotten_on_disk()
    {
        var runner = StartRunner();
        runner.Tell(Routes(1));
        Eventually(() => Store.Public.ContainsKey(Shop));

        runner.Tell(new PublicRoutes(Shop, 2, []));

        Eventually(() => Ingress.Published.IsEmpty && !Store.Public.ContainsKey(Shop));
    }

    [Fact]
    public void After_a_long_silence_the_deployment_is_asked_for_and_dropped_only_when_there_is_none()
    {
        Options = Options with { PublicAskAfter = TimeSpan.FromMilliseconds(50) };
        var runner = StartRunner();
        runner.Tell(Routes(1));

        Deployments.FishForMessage(message => message is GetDeployment asked && asked.Deployment == Shop, TimeSpan.FromSeconds(20));
        Ingress.Published.ShouldNotBeEmpty("silence alone takes nothing away");
        Deployments.FishForMessage(message => message is GetDeployment, TimeSpan.FromSeconds(20));
        Deployments.Reply(new DeploymentNotFound(Shop));

        Eventually(() => Ingress.Published.IsEmpty && !Store.Public.ContainsKey(Shop));
    }

    [Fact]
    public void After_a_long_silence_a_deployment_may_count_from_the_beginning()
    {
        Options = Options with { LateFor = TimeSpan.Zero };
        var runner = StartRunner();
        runner.Tell(Routes(9));
        Eventually(() => Ingress.Published is [{ Version: 9 }]);

        runner.Tell(Routes(1, port: 81));

        Eventually(() => Ingress.Published is [{ Version: 1 }]);
    }

    [Fact]
    public void Problems_of_the_ingress_are_in_the_status_as_long_as_there_are_any()
    {
        StartRunner();
        Ingress.Problems = ["the port is taken"];
        AwaitStatus(status => status.Problems.Contains("the port is taken", StringComparer.Ordinal));

        Ingress.Problems = [];
        AwaitStatus(status => !status.Problems.Contains("the port is taken", StringComparer.Ordinal));
    }

    private static new PublicRoutes Routes(long version, int port = 80) =>
        new(Shop, version, [new PublicService(App, port, null, [], 10, [new PublicPlacement(0, version, Here)])]);
}
