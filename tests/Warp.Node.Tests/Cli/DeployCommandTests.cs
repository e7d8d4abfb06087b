using System.Text.Json;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Images;
using Warp.Node.Images.Builds;
using Warp.Node.Images.Logins;
using Warp.Node.Tests.Cli.Deploying;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Cli;

/// <summary><c>warp plan</c> and <c>warp deploy</c> with builds, against a real management server's socket.</summary>
public sealed class DeployCommandTests : IAsyncLifetime
{
    private readonly DeploymentBook _book = new();
    private readonly ScriptedBuilder _builder = new();
    private readonly List<object> _asked = [];
    private ManagementBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = Bed(_builder);
        await _bed.StartServerAsync();
        _bed.Answer = message =>
        {
            _asked.Add(message);
            return _book.Answer(message);
        };
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Fact]
    public async Task A_plan_says_what_would_change_and_changes_nothing()
    {
        Write("shop/a/warp.config.js", "module.exports = { image: 'i:1' }");
        Write("shop/b/warp.config.js", "module.exports = { image: 'i:1' }");
        string[] folders = [_bed.Folder["shop/a"], _bed.Folder["shop/b"]];

        var first = await Warp(["plan", .. folders]);

        first.Code.ShouldBe(ExitCode.Ok, first.Error);
        first.Out.ShouldStartWith("shop would be made:\n");
        first.Out.ShouldMatch(@"\na +create +r1 x2 +it is new");
        (await Warp("ps", "shop")).Code.ShouldBe(ExitCode.NotFound);

        (await Warp(["deploy", .. folders])).Code.ShouldBe(ExitCode.Ok);
        Write("shop/b/warp.config.js", "module.exports = { image: 'i:2' }");
        var second = await Warp(["plan", .. folders]);
        second.Out.ShouldStartWith("shop would change (revision 1 now):\n");
        second.Out.ShouldMatch(@"\nb +replace, new first +r1 +image: i:1 -> i:2");
        second.Out.ShouldNotContain("\na ");
        var json = JsonElement.Parse((await Warp(["plan", .. folders, "--json"])).Out);
        json.GetProperty("services")[0].GetProperty("action").GetString().ShouldBe("Replace");
    }

    [Fact]
    public async Task The_same_again_would_change_nothing()
    {
        Write("shop/warp.config.js", "module.exports = { image: 'i' }");
        _ = await Warp("deploy", _bed.Folder["shop"]);

        (await Warp("plan", _bed.Folder["shop"])).Out.ShouldBe("shop: nothing would change (revision 1).\n");
    }

    [Fact]
    public async Task A_folder_with_a_dockerfile_is_built_and_then_deployed()
    {
        Write("shop/Dockerfile", "FROM scratch");
        Write("shop/index.js", "");
        Write("shop/secret/key", "");
        Write("shop/warp.config.js", "module.exports = { container: 'my app', build: { exclude: /^secret/ }, runner: 'r1' }");

        var planned = await Warp("plan", _bed.Folder["shop"]);
        planned.Out.ShouldContain("its image would be built");
        _builder.Asked.ShouldBeEmpty();
        var deployed = await Warp("deploy", _bed.Folder["shop"]);

        deployed.Code.ShouldBe(ExitCode.Ok, deployed.Error);
        var (request, files) = _builder.Asked.ShouldHaveSingleItem();
        (request.Deployment.Value, request.Service.Value, request.Dockerfile).ShouldBe(("shop", "my app", "Dockerfile"));
        files.ShouldBe(["Dockerfile", "index.js", "warp.config.js"]);
        deployed.Out.ShouldContain("my app: sending 3 files");
        deployed.Out.ShouldContain("my app: step 2 of 2: COPY . /\n");
        _asked.OfType<ApplyDeployment>().ShouldHaveSingleItem().Spec.Services[0].Image.ShouldStartWith("warp.build/shop/");
    }

    [Fact]
    public async Task A_build_that_fails_shows_its_step_and_nothing_is_deployed()
    {
        Write("shop/Dockerfile", "FROM scratch");
        _builder.Answer = _ => [new BuildStep(1, 3, "FROM base"), new BuildStep(2, 3, "RUN make"), new BuildFailed("the command ended with exit code 2", new BuildStep(2, 3, "RUN make"), ["make: no rule", "stop"])];

        var failed = await Warp("deploy", _bed.Folder["shop"], "--runner", "shop=r1");

        failed.Code.ShouldBe(ExitCode.Failed);
        failed.Error.ShouldBe("warp: shop: the build failed at step 2 of 3, RUN make: the command ended with exit code 2\n  | make: no rule\n  | stop\nNothing was deployed.\n");
        _asked.OfType<ApplyDeployment>().ShouldBeEmpty();
    }

    [Fact]
    public async Task With_json_one_document_is_all_that_is_written()
    {
        Write("shop/Dockerfile", "FROM scratch");

        var deployed = await Warp("deploy", _bed.Folder["shop"], "--runner", "shop=r1", "--json");

        deployed.Error.ShouldBeEmpty();
        JsonElement.Parse(deployed.Out).GetProperty("services")[0].GetProperty("image").GetString().ShouldBe("warp.build/shop/shop:0123456789ab");
        deployed.Out.Count(c => c == '\n').ShouldBe(1);
    }

    [Fact]
    public async Task A_plan_that_is_refused_ends_the_deployment()
    {
        Write("shop/warp.config.js", "module.exports = { image: 'i' }");
        _bed.Answer = message => message is PlanDeployment ? new DeploymentRejected(Views.Shop, [new SpecProblem("services[0].runner", "there is no such runner")]) : null;

        var refused = await Warp("deploy", _bed.Folder["shop"]);

        refused.Code.ShouldBe(ExitCode.Usage);
        refused.Error.ShouldContain("there is no such runner");
    }

    [Fact]
    public async Task A_control_plane_that_cannot_plan_now_is_no_reason_not_to_deploy()
    {
        Write("shop/warp.config.js", "module.exports = { image: 'i' }");
        _bed.Answer = message => message is PlanDeployment ? null : _book.Answer(message);

        var deployed = await Warp("deploy", _bed.Folder["shop"]);

        deployed.Code.ShouldBe(ExitCode.Ok);
        deployed.Error.ShouldContain("warning: there is no plan to show");
    }

    [Fact]
    public async Task What_was_planned_is_what_is_changed()
    {
        Write("shop/warp.config.js", "module.exports = { image: 'i:1' }");
        (await Warp("deploy", _bed.Folder["shop"])).Code.ShouldBe(ExitCode.Ok);
        Write("shop/warp.config.js", "module.exports = { image: 'i:2' }");
        (await Warp("deploy", _bed.Folder["shop"], "--json")).Code.ShouldBe(ExitCode.Ok);
        _asked.OfType<ApplyDeployment>().Select(wish => wish.ExpectedRevision).ShouldBe([0, 1]);

        _bed.Answer = message => message is ApplyDeployment wish ? new DeploymentConflict(wish.Deployment, 7) : _book.Answer(message);
        var overtaken = await Warp("deploy", _bed.Folder["shop"]);

        overtaken.Code.ShouldBe(ExitCode.Conflict);
        overtaken.Error.ShouldContain("is at revision 7");
    }

    private static ManagementBed Bed(ScriptedBuilder builder)
    {
        var bed = new ManagementBed("r1");
        bed.Images = new NodeImages(builder, new LoginSealer(new DataFolder(bed.Folder.Path), TimeProvider.System));
        return bed;
    }

    private void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_bed.Folder[file])!);
        File.WriteAllText(_bed.Folder[file], content);
    }

    private Task<WarpResult> Warp(params string[] args) => WarpResult.RunAsync([.. args, "--data", _bed.Folder.Path]);
}
