using System.Text.Json;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Cli;

/// <summary>Command lines against a real management server's socket.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private readonly DeploymentBook _book = new();
    private ManagementBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync("r1");
        _bed.Answer = _book.Answer;
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Fact]
    public async Task Folders_become_a_deployment_that_is_seen_speaks_and_goes()
    {
        var shop = Directory.CreateDirectory(_bed.Folder["shop"]).FullName;
        Service("shop/app", """{ "container": "app", "image": { "name": "shop-app" }, "deployment": { "port": 65500 } } // as in the seed""");
        Service("shop/db", """{ "docker": "db", "image": "shop-db", }""");

        var deployed = await Warp("deploy", $"{shop}/app", $"{shop}/db/", "--runner", "db=r2");
        deployed.Code.ShouldBe(ExitCode.Ok, deployed.Error);
        deployed.Out.ShouldContain("shop revision 1 is accepted.");
        deployed.Out.ShouldContain("db: Running on r2 (address 10.201.0.2, port 8080)");
        deployed.Out.ShouldEndWith("shop runs.\napp: port 65500 on r1\ndb: port 8080 on r2\n");

        var listed = await Warp("ps", "shop");
        listed.Out.ShouldContain("65500");
        listed.Out.ShouldContain("10.201.0.2");
        var json = JsonDocument.Parse((await Warp("ps", "--json")).Out).RootElement;
        json.GetProperty("deployments").EnumerateArray().ShouldContain(one => one.GetProperty("name").GetString() == "shop");

        _bed.Logs.Write("a line ü");
        _bed.Logs.Close();
        (await Warp("logs", "shop/app", "--tail", "1")).Out.ShouldBe("a line ü\n");
        (await Warp("remove", "shop")).Out.ShouldBe("shop is removed.\n");
        (await Warp("ps", "shop")).Code.ShouldBe(ExitCode.NotFound);
    }

    [Fact]
    public async Task A_file_is_a_whole_deployment_and_the_command_line_wins()
    {
        var file = _bed.Folder["one.json"];
        await File.WriteAllTextAsync(file, """{ "name": "from-file", "services": [ { "name": "a", "image": "i", "runner": "r1" } ] }""");

        (await Warp("deploy", file, "--runner", "a=r2", "--detach")).Out.ShouldContain("from-file revision 1");
        (await Warp("ps", "from-file")).Out.ShouldContain("r2");
        (await Warp("deploy", file, "--name", "other", "--json")).Out.ShouldContain("\"name\":\"other\"");
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_ends_the_waiting_with_its_cause()
    {
        Service("bad", """{ "image": "missing:1" }""");

        var failed = await Warp("deploy", _bed.Folder["bad"]);

        failed.Code.ShouldBe(ExitCode.Failed);
        failed.Error.ShouldContain("the image missing:1 cannot be pulled");
    }

    [Fact]
    public async Task What_does_not_come_up_in_time_is_named()
    {
        Service("slow", """{ "image": "i" }""");
        _bed.Answer = message => message switch
        {
            ApplyDeployment => new DeploymentAccepted(Views.Shop, 1, Changed: true, Views.Deployment(InstancePhase.Pulling, container: null, cause: "layer 3 of 7")),
            GetDeployment => Views.Deployment(InstancePhase.Pulling, container: null, cause: "layer 3 of 7"),
            _ => null,
        };

        var late = await Warp("deploy", _bed.Folder["slow"], "--name", "shop", "--timeout", "1");

        late.Code.ShouldBe(ExitCode.TimedOut);
        late.Out.ShouldContain("app: Pulling: layer 3 of 7 on alpha");
        late.Error.ShouldContain("shop is not up after 1 s: app on alpha: Pulling: layer 3 of 7");
    }

    [Fact]
    public async Task A_control_plane_that_is_away_for_a_moment_does_not_end_the_waiting()
    {
        Service("shop", """{ "image": "i" }""");
        var looks = 0;
        _bed.Answer = message => message switch
        {
            ApplyDeployment => new DeploymentAccepted(Views.Shop, 1, Changed: true, Views.Deployment(InstancePhase.Starting)),
            GetDeployment => ++looks > 2 ? Views.Deployment() : null,
            _ => null,
        };

        (await Warp("deploy", _bed.Folder["shop"])).Code.ShouldBe(ExitCode.Ok);

        looks.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task A_node_elsewhere_is_reached_with_the_admin_certificate()
    {
        _bed.WriteAdminFiles();
        string[] to = ["--node", $"https://127.0.0.1:{_bed.Port}"];

        (await Warp(["runners", .. to])).Out.ShouldContain("Docker 20.10.24");
        var foreign = await Warp(["ps", .. to, "--cert", _bed.Folder["foreign.crt"], "--key", _bed.Folder["foreign.key"]]);
        foreign.Code.ShouldBe(ExitCode.Forbidden);
        foreign.Error.ShouldContain("not valid in this cluster");
        var untrusted = await Warp(["ps", .. to, "--ca", _bed.Folder["foreign.crt"]]);
        untrusted.Code.ShouldBe(ExitCode.Unreachable);
        (await Warp(["ps", .. to, "--cert", _bed.Folder["nowhere.crt"]])).Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task What_has_no_effect_is_a_warning()
    {
        Service("shop", """{ "image": "i", "deployment": { "prot": 1 } }""");

        var deployed = await Warp("deploy", _bed.Folder["shop"], "--json");

        deployed.Code.ShouldBe(ExitCode.Ok);
        deployed.Error.ShouldBe($"warp: warning: {_bed.Folder["shop/warp.config.json"]}:1:33: deployment.prot: there is no such attribute; it has no effect. Did you mean 'deployment.port'?\n");
        JsonDocument.Parse(deployed.Out).RootElement.GetProperty("name").GetString().ShouldBe("shop");
    }

    [Theory]
    [InlineData("""{ "image": { "nam": "i" } }""", "'image' takes the attribute 'name'")]
    [InlineData("""{ "container": "a" }""", "there is no image to run")]
    [InlineData("""{ "container": "a", "docker": "b", "image": "i" }""", "keep one")]
    [InlineData("""{ "image": "i", }}""", "warp.config.json:1:")]
    [InlineData("""{ "image": "i", "deployment": { "port": 70000 } }""", "warp.config.json:1:33: deployment.port")]
    public async Task A_wrong_file_is_named_with_its_cause(string config, string cause)
    {
        Service("wrong", config);

        var refused = await Warp("deploy", _bed.Folder["wrong"]);

        refused.Code.ShouldBe(ExitCode.Usage);
        refused.Error.ShouldContain(cause);
    }

    [Fact]
    public async Task What_is_not_there_is_said_with_the_next_step()
    {
        Directory.CreateDirectory(_bed.Folder["empty"]);

        (await Warp("deploy", _bed.Folder["nothing"])).Error.ShouldContain("There is no file or folder");
        (await Warp("deploy", _bed.Folder["empty"])).Error.ShouldContain("has neither a warp.config.js nor a Dockerfile");
        (await Warp("remove", "nobody")).Code.ShouldBe(ExitCode.NotFound);
        (await Warp("logs", "nobody")).Error.ShouldContain("No deployment has a service 'nobody'");
        (await Warp("deplyo")).Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task Runners_tunnels_and_flows_are_tables()
    {
        (await Warp("runners")).Out.ShouldContain("Docker 20.10.24");
        (await Warp("tunnels")).Out.ShouldContain("TLS 1.3 AES_128_GCM_SHA256");
        (await Warp("flows")).Out.ShouldContain("3 (2 in the kernel)");
    }

    [Fact]
    public async Task Without_a_node_the_socket_and_the_next_step_are_named()
    {
        var alone = await RunAsync("ps", "--data", _bed.Folder["empty"]);

        alone.Code.ShouldBe(ExitCode.Unreachable);
        alone.Error.ShouldContain("warp.sock. Start it with 'warp run'");
    }

    private void Service(string folder, string config)
    {
        Directory.CreateDirectory(_bed.Folder[folder]);
        File.WriteAllText(Path.Combine(_bed.Folder[folder], "warp.config.json"), config);
    }

    private Task<WarpResult> Warp(params string[] args) => WarpResult.RunAsync([.. args, "--data", _bed.Folder.Path]);

    private static Task<WarpResult> RunAsync(params string[] args) => WarpResult.RunAsync(args);
}
