using System.Text.Json;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Cli;

/// <summary>The verbs that change a deployment, against a real management server's socket.</summary>
public sealed class ChangingVerbTests : IAsyncLifetime
{
    private readonly DeploymentBook _book = new();
    private ManagementBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync("r1");
        _bed.Answer = _book.Answer;
        var file = _bed.Folder["shop.json"];
        await File.WriteAllTextAsync(file, """{ "name": "shop", "services": [ { "name": "app", "image": "a" }, { "name": "my db", "image": "d" } ] }""");
        (await Warp("deploy", file)).Code.ShouldBe(ExitCode.Ok);
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Theory]
    [InlineData("shop/my db")]
    [InlineData("my db")]
    public async Task A_service_is_moved_by_its_full_name_or_by_its_own(string name)
    {
        var moved = await Warp("move", name, "r2");

        moved.Code.ShouldBe(ExitCode.Ok, moved.Error);
        moved.Out.ShouldContain("shop revision 2 is accepted.");
        moved.Out.ShouldContain("my db: Running on r2");
        _book.Changes.Single().Change.ShouldBe(new MoveService(ServiceName.Parse("my db"), RunnerId.Parse("r2")));
    }

    [Fact]
    public async Task Services_are_scaled_each_with_a_request_of_its_own()
    {
        var scaled = await Warp("scale", "shop/app=3", "my db=2");

        scaled.Out.ShouldContain("app #2: Running on r1");
        _book.Changes.Select(change => change.Change).ShouldBe([new ScaleService(ServiceName.Parse("app"), 3), new ScaleService(ServiceName.Parse("my db"), 2)]);
        _book.Changes.Select(change => change.RequestId).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
        (await Warp("scale", "shop/app")).Error.ShouldContain("SERVICE=N");
        (await Warp("scale", "shop/app=0")).Error.ShouldContain("from 1 to 100");
    }

    [Fact]
    public async Task A_deployment_or_a_service_is_restarted()
    {
        (await Warp("restart", "shop")).Out.ShouldEndWith("shop runs.\n");
        (await Warp("restart", "shop/app", "--detach")).Out.ShouldBe("shop revision 3 is accepted.\n");

        _book.Changes.Select(change => change.Change).ShouldBe([new RestartServices(null), new RestartServices(ServiceName.Parse("app"))]);
        _book.Changes.ShouldAllBe(change => change.RequestId!.Length == 32);
    }

    [Fact]
    public async Task A_deployment_is_rolled_back_to_what_the_history_lists()
    {
        (await Warp("history", "shop")).Out.ShouldContain("app=a, my db=d");
        (await Warp("rollback", "shop")).Code.ShouldBe(ExitCode.Ok);
        (await Warp("rollback", "shop", "--to", "1")).Code.ShouldBe(ExitCode.Ok);

        _book.Changes.Select(change => change.Change).ShouldBe([new RollBack(null), new RollBack(1)]);
    }

    [Fact]
    public async Task With_json_nothing_but_one_document_is_written()
    {
        string[][] lines = [["move", "app", "r2"], ["scale", "app=2"], ["restart", "shop"], ["rollback", "shop"], ["history", "shop"], ["ps"], ["ps", "shop"], ["remove", "shop"]];
        foreach (var line in lines)
        {
            var result = await Warp([.. line, "--json"]);
            result.Code.ShouldBe(ExitCode.Ok, result.Error);
            JsonDocument.Parse(result.Out).RootElement.ValueKind.ShouldBe(JsonValueKind.Object, line[0]);
            result.Out.Trim().ShouldNotContain('\n');
        }
    }

    [Fact]
    public async Task A_rollout_that_was_rolled_back_fails_with_its_reason()
    {
        _bed.Answer = message => message switch
        {
            ChangeDeployment => new DeploymentAccepted(Views.Shop, 2, Changed: true, Views.Deployment(InstancePhase.Starting, revision: 2)),
            GetDeployment => Views.Deployment(revision: 3) with { Rollout = RolloutState.RolledBack, Outcome = "app is not ready after 60 s" },
            GetDeploymentHistory => new DeploymentHistory(Views.Shop, [new RevisionView(3, Views.Noon, "rolled back from 2: app is not ready after 60 s", Completed: false, [])]),
            _ => null,
        };

        var failed = await Warp("restart", "shop");

        failed.Code.ShouldBe(ExitCode.Failed);
        failed.Error.ShouldContain("revision 2 did not last: revision 3 followed (rolled back from 2: app is not ready after 60 s)");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        (await Warp("move", "nobody", "r2")).Code.ShouldBe(ExitCode.NotFound);
        (await Warp("restart", "nobody")).Code.ShouldBe(ExitCode.NotFound);
        (await Warp("rollback", "nobody")).Code.ShouldBe(ExitCode.NotFound);
        (await Warp("history", "nobody")).Code.ShouldBe(ExitCode.NotFound);
    }

    [Fact]
    public async Task A_crash_loop_and_a_failed_health_check_are_seen_as_such()
    {
        var view = Views.Deployment();
        var service = view.Services[0];
        var instance = service.Instances[0];
        _bed.Answer = _ => view with
        {
            Services =
            [
                service with { Instances = [instance with { Observed = instance.Observed! with { Phase = InstancePhase.BackingOff, Restarts = 5, Cause = "it ended with exit code 1" } }] },
                service with { Instances = [instance with { Observed = instance.Observed! with { Health = InstanceHealth.Unhealthy, Cause = "GET /health answers 503" }, Role = PlacementRole.Starting }] },
            ],
        };

        var seen = (await Warp("ps", "shop")).Out;

        seen.ShouldContain("crash loop, restarted 5x: it ended with exit code 1");
        seen.ShouldContain("unhealthy: GET /health answers 503 (new, does not serve yet)");
        var failures = JsonElement.Parse((await Warp("ps", "shop", "--json")).Out).GetProperty("deployments")[0].GetProperty("services").EnumerateArray()
            .Select(one => one.GetProperty("instances")[0].GetProperty("failure").GetString());
        failures.ShouldBe(["CrashLoop", "Unhealthy"]);
    }

    private Task<WarpResult> Warp(params string[] args) => WarpResult.RunAsync([.. args, "--data", _bed.Folder.Path]);
}
