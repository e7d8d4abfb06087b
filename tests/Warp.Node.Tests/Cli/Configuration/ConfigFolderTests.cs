using Shouldly;
using Warp.Node.Cli.Deploying;
using Warp.Node.Configuration;
using Xunit;

namespace Warp.Node.Tests.Cli.Configuration;

/// <summary>What is looked for in a folder, and what its image is built from.</summary>
public sealed class ConfigFolderTests : IDisposable
{
    private readonly ConfigBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void A_dockerfile_alone_is_a_service_with_the_folders_name()
    {
        _bed.Write("Dockerfile", "FROM scratch");

        var service = _bed.Read().Services.ShouldHaveSingleItem();

        service.Name.ShouldBe("app");
        var build = service.Build.ShouldNotBeNull();
        (build.Context, build.Dockerfile, build.Include, build.Exclude).ShouldBe((_bed.Folder, _bed.Path("Dockerfile"), null, null));
    }

    [Fact]
    public void A_configuration_without_an_image_is_built_from_the_dockerfile_beside_it()
    {
        _bed.Write("Dockerfile", "FROM scratch");

        // The example of the original's page, word for word.
        var service = _bed.Js("""
            module.exports = {
              docker: "my-docker-service",
              deployment: {
                port: 65500,
              },
            };
            """).Services.ShouldHaveSingleItem();

        service.Entry.ToJsonString().ShouldBe("""{"name":"my-docker-service","port":65500}""");
        service.Build.ShouldNotBeNull().Dockerfile.ShouldBe(_bed.Path("Dockerfile"));
    }

    [Theory]
    [InlineData("{ build: {} }", "", "Dockerfile")]
    [InlineData("{ build: { context: '.' } }", "", "Dockerfile")]
    [InlineData("{ build: { context: 'src' } }", "src", "src/Dockerfile")]
    [InlineData("{ build: { context: './src/', dockerfile: 'prod.Dockerfile' } }", "src", "src/prod.Dockerfile")]
    [InlineData("{ build: { context: 'src', dockerfile: 'beside.Dockerfile' } }", "src", "beside.Dockerfile")]
    [InlineData("{ dockerfile: 'beside.Dockerfile' }", "", "beside.Dockerfile")]
    public void Context_and_dockerfile_are_found_from_the_configuration(string content, string context, string dockerfile)
    {
        _bed.Write("beside.Dockerfile", "FROM scratch");

        var build = _bed.Js($"module.exports = {content}").Services[0].Build.ShouldNotBeNull();

        build.Context.ShouldBe(Path.TrimEndingDirectorySeparator(_bed.Path(context)));
        build.Dockerfile.ShouldBe(_bed.Path(dockerfile));
    }

    [Theory]
    [InlineData("build: { include: /\\.js$/ }", true, false)]
    [InlineData("build: { include: p => p.includes('/src/') }", true, true)]
    [InlineData("build: { include: `${__dirname}/src/a.js` }", true, false)]
    [InlineData("build: { include: `${__dirname}/src/` }", true, true)]
    [InlineData("build: { include: [/a\\.js$/, (full, path) => path === 'src/b.css'] }", true, true)]
    [InlineData("build: { include: [] }", false, false)]
    [InlineData("deployment: { include: /\\.js$/ }", true, false)]
    public void What_is_sent_is_said_by_expressions_paths_and_functions(string content, bool script, bool style)
    {
        var include = _bed.Js($"module.exports = {{ {content} }}").Services[0].Build.ShouldNotBeNull().Include.ShouldNotBeNull();

        include.Matches("src/a.js", _bed.Path("src/a.js")).ShouldBe(script);
        include.Matches("src/b.css", _bed.Path("src/b.css")).ShouldBe(style);
    }

    [Fact]
    public void Exclude_is_the_same_kind_of_rule() =>
        _bed.Js("module.exports = { build: { exclude: /\\.git/ } }").Services[0].Build.ShouldNotBeNull().Exclude.ShouldNotBeNull().Matches(".git/HEAD", "/x/.git/HEAD").ShouldBeTrue();

    [Fact]
    public void What_is_not_there_is_said_with_the_next_step()
    {
        Should.Throw<OperatorException>(() => _bed.Read()).Message.ShouldContain("has neither a warp.config.js nor a Dockerfile. Write one of them, such as: module.exports = { container: \"app\"");
        _bed.Write("warp.config.json", "{}");
        Should.Throw<OperatorException>(() => _bed.Js("module.exports = {}")).Message.ShouldContain("has a warp.config.js and a warp.config.json: keep one");
        Should.Throw<OperatorException>(() => DeployInput.Read([_bed.Path("nowhere")], null, DeployOverrides.None, _ => null)).ExitCode.ShouldBe(ExitCode.NotFound);
    }

    [Theory]
    [InlineData("{ \"image\": \"i\", }}", "warp.config.json:1:")]
    [InlineData("{ \"image\": \"i\",\n \"image\": \"j\" }", "warp.config.json:2:2: image is given twice")]
    [InlineData("{ \"image\": \"\\ud800\" }", "warp.config.json:1:12: image: the text is not well-formed Unicode")]
    [InlineData("[1", "this is no valid JSON")]
    [InlineData("5", "a JSON object { ... } is expected, not a number")]
    [InlineData("", "this is no valid JSON")]
    [InlineData("{\n  \"image\": \"i\",\n  \"deployment\": { \"port\": 70000 } }", "warp.config.json:3:19: deployment.port: a whole number from 1 to 65535 is expected here, not 70000")]
    public void Wrong_json_is_named_with_its_place(string json, string message)
    {
        _bed.Write("warp.config.json", json);

        _bed.Short(Should.Throw<OperatorException>(() => _bed.Read()).Message).ShouldContain(message);
    }
}
