using System.Text.Json;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Cli;

/// <summary>Volumes from the command line, through a real management server.</summary>
public sealed class VolumeCommandsTests : IAsyncLifetime
{
    private ManagementBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _bed.Answer = message => message is ListRunners
            ? new RunnerList([With("alpha", [.. _bed.Volumes.Present.Keys]), With("beta", ["twice"])])
            : null;
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Fact]
    public async Task A_volume_is_made_listed_shown_and_removed()
    {
        var made = await Warp("volume", "create", "shop-db", "--runner", "alpha");
        made.Code.ShouldBe(ExitCode.Ok, made.Error);
        made.Out.ShouldContain("The volume shop-db is on alpha");

        (await Warp("volume", "list")).Out.ShouldContain("shop-db   alpha");
        (await Warp("volume", "info", "shop-db")).Out.ShouldContain("nobody");
        (await Warp("volume", "remove", "shop-db")).Out.ShouldBe("The volume shop-db on alpha is removed.\n");
        (await Warp("volume", "remove", "shop-db")).Code.ShouldBe(ExitCode.NotFound);
        _bed.Volumes.Present.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_volume_in_use_stays_and_its_users_are_named()
    {
        _bed.Volumes.Present["shop-db"] = new VolumeInfo("shop-db", "warp-lab-shop-db", null, null, ["shop/db#0@1"]);

        var refused = await Warp("volume", "remove", "shop-db", "--runner", "alpha");

        refused.Code.ShouldBe(ExitCode.Conflict);
        refused.Error.ShouldContain("in use by shop/db#0@1");
        _bed.Volumes.Present.ShouldContainKey("shop-db");
    }

    [Fact]
    public async Task Which_of_several_is_meant_has_to_be_said()
    {
        await Warp("volume", "create", "twice", "--runner", "alpha");

        var unclear = await Warp("volume", "info", "twice");

        unclear.Code.ShouldBe(ExitCode.Usage);
        unclear.Error.ShouldContain("one of alpha, beta");
        (await Warp("volume", "create", "twice")).Error.ShouldContain("--runner");
    }

    [Fact]
    public async Task With_json_nothing_but_one_document_is_written()
    {
        string[][] lines = [["create", "v", "--runner", "alpha"], ["list"], ["info", "v"], ["remove", "v"]];
        foreach (var line in lines)
        {
            var result = await Warp(["volume", .. line, "--json"]);
            result.Code.ShouldBe(ExitCode.Ok, result.Error);
            JsonDocument.Parse(result.Out).RootElement.ValueKind.ShouldBe(JsonValueKind.Object, line[0]);
        }
    }

    private static RunnerView With(string name, string[] volumes)
    {
        var view = Views.Runner(name);
        return view with { Status = view.Status with { Volumes = [.. volumes.Order(StringComparer.Ordinal)] } };
    }

    private Task<WarpResult> Warp(params string[] args) => WarpResult.RunAsync([.. args, "--data", _bed.Folder.Path]);
}
