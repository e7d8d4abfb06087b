using System.Globalization;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Warp.TestPeer;
using Xunit;

namespace Warp.EndToEnd.Tests.Rollouts;

/// <summary>What a service's callers notice when its instance is replaced: nothing.</summary>
[Collection(LabGroup.Name)]
public sealed class DrainTests(LabFixture lab)
{
    private const string Port = "3211";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public async Task A_connection_of_the_old_instance_goes_on_while_new_ones_reach_the_new_instance(string dbRunner)
    {
        var app = LabService.Peer("app", "r1", Port);
        await using var deployment = await LabDeployment.StartAsync(lab.Lab, $"drain-{dbRunner}", app, LabService.Peer("db", dbRunner, Port));
        var caller = await deployment.ContainerAsync("app");
        await Poll.UntilAsync("app reaches db", s_limit, async () => PeerResult.Parse((await caller.PeerAsync("echo", "$WARP_IST_db", Port, "there?")).Output).Ok);
        var old = await deployment.ContainerAsync("db");
        var open = caller.PeerAsync("busy", "$WARP_IST_db", Port, "15");
        await Poll.UntilAsync("the connection is open", s_limit, async () => await old.CountConnectionsAsync(int.Parse(Port, CultureInfo.InvariantCulture)) > 0);

        await deployment.ApplyAsync(app, LabService.Peer("db", dbRunner, Port, "3299"));

        // Only the new instance listens on the second port; every connection before and after that has to succeed.
        await Poll.UntilAsync("the new instance serves", s_limit, async () =>
        {
            var result = PeerResult.Parse((await caller.PeerAsync("echo", "$WARP_IST_db", Port, "all the time")).Output);
            result.Ok.ShouldBeTrue(result.Detail);
            return PeerResult.Parse((await caller.PeerAsync("echo", "$WARP_IST_db", "3299", "new")).Output).Ok;
        });
        open.IsCompleted.ShouldBeFalse("the rollout has to be over before the connection is");
        (await old.Runner.DockerAsync("inspect", "--format", "{{.State.Running}}", old.Id)).Output.Trim().ShouldBe("true");
        var exchanged = PeerResult.Parse((await open).Output);
        exchanged.Ok.ShouldBeTrue(exchanged.Detail);

        await Poll.UntilAsync("the old container is gone", TimeSpan.FromSeconds(15), async () => (await old.Runner.DockerAsync("inspect", old.Id)).ExitCode != 0);
        await deployment.WaitRunningAsync();
        (await deployment.ContainerAsync("app")).Id.ShouldBe(caller.Id, "the caller was not touched");
    }
}
