using System.Net;
using System.Net.Sockets;
using Akka.Remote;
using Shouldly;
using Warp.Node.Configuration;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Hosting;

/// <summary>Real actor systems over real TLS, in one process.</summary>
public sealed class ActorSystemHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_runner_joins_the_founder_over_mutual_TLS()
    {
        await using var founder = TestNode.Founder(_folder["a"]);
        await using var runner = founder.Joined("beta");
        founder.Host.Start();
        runner.Host.Start();

        await Eventually.Is(() => founder.MembersUp == 2 && runner.MembersUp == 2, "two members");
        Akka.Cluster.Cluster.Get(runner.System).SelfAddress.Protocol.ShouldBe("akka.ssl.tcp");
        Akka.Cluster.Cluster.Get(runner.System).SelfRoles.ShouldBe(["runner"]);
    }

    [Fact]
    public async Task A_node_of_a_foreign_CA_stays_outside()
    {
        await using var founder = TestNode.Founder(_folder["a"]);
        await using var foreign = TestNode.Founder(_folder["b"]);
        await using var stranger = foreign.Joined("beta");
        founder.Host.Start();
        await Eventually.Is(() => founder.MembersUp == 1, "the founder is up");
        var node = NodeDescription.Load(stranger.Data);
        SecretFile.Write(stranger.Data.NodeFile, (node with { Seeds = [new("127.0.0.1", founder.Settings.Ports.Cluster)] }).ToJson());

        await using var intruder = stranger.Again();
        intruder.Host.Start();

        await Eventually.Never(() => founder.MembersUp > 1 || intruder.MembersUp > 0, "the stranger got in", forSeconds: 6);
    }

    [Fact]
    public async Task A_terminated_actor_system_is_built_again_and_rejoins()
    {
        await using var founder = TestNode.Founder(_folder["a"]);
        await using var runner = founder.Joined("beta");
        founder.Host.Start();
        runner.Host.Start();
        await Eventually.Is(() => founder.MembersUp == 2 && runner.MembersUp == 2, "two members");
        var first = runner.System;

        await first.Terminate();

        await Eventually.Is(() => runner.Access.Current is { } now && now.System != first && runner.MembersUp == 2, "a new system is a member");
        runner.Host.Ended.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_quarantined_actor_system_is_built_again()
    {
        await using var founder = TestNode.Founder(_folder["a"]);
        founder.Host.Start();
        await Eventually.Is(() => founder.MembersUp == 1, "one member");
        var (first, self) = (founder.System, Akka.Cluster.Cluster.Get(founder.System).SelfAddress);

        first.EventStream.Publish(new ThisActorSystemQuarantinedEvent(self, self));

        await Eventually.Is(() => founder.Access.Current is { } now && now.System != first && founder.MembersUp == 1, "a new system is a member");
    }

    [Fact]
    public async Task A_founder_that_was_killed_comes_back_into_the_cluster_that_lived_on()
    {
        await using var founder = TestNode.Founder(_folder["a"]);
        await using var runner = founder.Joined("beta");
        founder.Host.Start();
        runner.Host.Start();
        await Eventually.Is(() => founder.MembersUp == 2 && runner.MembersUp == 2, "two members");
        await Eventually.Is(() => File.Exists(founder.Data.MembersFile), "the founder wrote down whom it knows");
        await founder.AbortAsync();

        await using var again = founder.Again();
        again.Host.Start();

        await Eventually.Is(() => again.MembersUp == 2 && runner.MembersUp == 2, "the founder is back");
    }

    [Fact]
    public async Task A_wanted_stop_leaves_the_cluster()
    {
        await using var founder = TestNode.Founder(_folder["a"]);
        await using var runner = founder.Joined("beta");
        founder.Host.Start();
        runner.Host.Start();
        await Eventually.Is(() => founder.MembersUp == 2 && runner.MembersUp == 2, "two members");

        await runner.Host.StopAsync(TimeSpan.FromSeconds(20));

        runner.Access.Current.ShouldBeNull();
        await Eventually.Is(() => Akka.Cluster.Cluster.Get(founder.System).State.Members.Count == 1, "the runner is gone");
    }

    [Fact]
    public async Task A_node_that_is_told_through_the_cluster_to_leave_ends()
    {
        await using var founder = TestNode.Founder(_folder["a"]);
        await using var runner = founder.Joined("beta");
        founder.Host.Start();
        runner.Host.Start();
        await Eventually.Is(() => founder.MembersUp == 2 && runner.MembersUp == 2, "two members");

        Akka.Cluster.Cluster.Get(founder.System).Leave(Akka.Cluster.Cluster.Get(runner.System).SelfAddress);

        await Eventually.Is(() => runner.Host.Ended.IsCompleted, "the runner has ended");
    }

    [Fact]
    public async Task A_cluster_port_in_use_is_named()
    {
        await using var founder = TestNode.Founder(_folder["a"]);
        using var other = new TcpListener(IPAddress.Loopback, founder.Settings.Ports.Cluster);
        other.Start();

        var refusal = Should.Throw<OperatorException>(founder.Host.Start);

        refusal.ExitCode.ShouldBe(ExitCode.Unavailable);
        refusal.Message.ShouldContain($"127.0.0.1:{founder.Settings.Ports.Cluster}");
    }
}
