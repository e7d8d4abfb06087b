using Shouldly;
using Warp.Node.Cli.Configuration;
using Xunit;

namespace Warp.Node.Tests.Cli.Configuration.Scripts;

public sealed class ScriptFileTests : IDisposable
{
    private readonly ScriptBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData("module.exports = { docker: \"my-docker-service\", deployment: { port: 65500, }, };", """{"docker":"my-docker-service","deployment":{"port":65500}}""")]
    [InlineData("module.exports = () => ({ container: 'a' })", """{"container":"a"}""")]
    [InlineData("module.exports = function () { const name = 'a'; return { container: name + 1 } }", """{"container":"a1"}""")]
    [InlineData("module.exports = [{ container: 'a' }, { container: 'b' }]", """[{"container":"a"},{"container":"b"}]""")]
    [InlineData("module.exports = () => [{ container: 'a' }]", """[{"container":"a"}]""")]
    [InlineData("exports.container = 'a'", """{"container":"a"}""")]
    [InlineData("export default { container: 'a' }", """{"container":"a"}""")]
    [InlineData("export default () => ({ container: 'a' })", """{"container":"a"}""")]
    [InlineData("\uFEFF#!/usr/bin/env node\nmodule.exports = { container: 'ü' }", """{"container":"\u00FC"}""")]
    [InlineData("const all = { a: 1, b: [true, 0.5, -1e21, null], c: null, d: undefined, e: [] }; module.exports = { ...all, e: {} }", """{"a":1,"b":[true,0.5,-1E+21,null],"e":{}}""")]
    [InlineData("class C { get x() { return 1 } y = 2 }; module.exports = new C()", """{"y":2}""")]
    public void What_a_file_exports_is_its_configuration(string code, string json) => _bed.Json(code).ShouldBe(json);

    [Fact]
    public void A_file_knows_its_own_place() =>
        _bed.Json("module.exports = { a: __dirname, b: __filename }").ShouldBe($$"""{"a":"{{_bed.Folder.Path}}","b":"{{_bed.File}}"}""");

    [Theory]
    [InlineData("", "exports nothing; it is to export an object, as in: module.exports")]
    [InlineData("module.exports = 5", "exports a number")]
    [InlineData("module.exports = async () => ({})", "exports a promise")]
    [InlineData("module.exports = () => () => ({})", "exports a function")]
    [InlineData("module.exports = {\n  container: 'a'\n  docker: 'b'\n}", "warp.config.js:3:3: this is no valid JavaScript: Unexpected identifier 'docker'")]
    [InlineData("module.exports = { a: /(/ }", "warp.config.js:1:25: this is no valid JavaScript: Invalid regular expression")]
    [InlineData("export default {", "warp.config.js:1:17: this is no valid JavaScript")]
    [InlineData("\nmodule.exports = { port: PORT }", "warp.config.js:2:26: PORT is not defined")]
    [InlineData("\nthrow new Error('not\\ntoday')", "warp.config.js:2:7: not")]
    [InlineData("throw 5", "warp.config.js:1:7: 5")]
    [InlineData("module.exports = { get container() { return missing.name } }", "warp.config.js:1:45: missing is not defined")]
    [InlineData("\nconst path = require('path')", "warp.config.js:2:14: require(\"path\"): a configuration file stands alone")]
    [InlineData("import fs from 'fs'\nexport default {}", "stands alone and imports nothing")]
    [InlineData("const a = {}; a.a = a; module.exports = a", "nested more than 32 deep, or contains itself")]
    public void A_wrong_file_is_named_with_its_place_and_cause(string code, string message) => _bed.Failure(code).ShouldContain(message);

    [Fact]
    public void The_machines_variables_are_not_there_and_the_file_is_told_the_other_way()
    {
        var document = _bed.Read("console.log('port is', process.env.PORT); module.exports = { variables: { PORT: process.env.PORT } }");

        document.Root.ToJson()!.ToJsonString().ShouldBe("""{"variables":{}}""");
        document.Notes.Count.ShouldBe(2);
        document.Notes[0].ShouldBe($"{_bed.File}: process.env.PORT is undefined in a configuration file; to take a variable from your shell, write PORT: {{ local: true }} under 'variables'");
        document.Notes[1].ShouldBe($"{_bed.File}: console: port is undefined");
    }

    [Fact]
    public void Attributes_are_found_again_in_the_text()
    {
        var one = _bed.Read("module.exports = {\n  container: 'a',\n  deployment: {\n    'port': 1,\n  },\n}").Places;
        one.Find("deployment.port").ShouldBe(new ConfigPlace(4, 5));
        one.Find("deployment").ShouldBe(new ConfigPlace(3, 3));
        one.Find("deployment.port.deeper").ShouldBe(new ConfigPlace(4, 5));
        one.Find("elsewhere").ShouldBeNull();

        var several = _bed.Read("const common = { pull: 'never' }\nmodule.exports = [{ container: 'a', ...common },\n { container: 'b', ...common }]").Places;
        several.Find("[1].container").ShouldBe(new ConfigPlace(3, 4));
        several.Find("[1].pull").ShouldBe(new ConfigPlace(1, 18));
    }

    [Theory]
    [InlineData("/\\.js$/", "src/a.js", true)]
    [InlineData("/\\.js$/g", "src/a.js", true)]
    [InlineData("/^src/", "src/a.js", true)]
    [InlineData("/.git/", "src/a.js", false)]
    [InlineData("path => path.endsWith('/src/a.js')", "src/a.js", true)]
    [InlineData("(path, within) => within === 'src/a.js'", "src/a.js", true)]
    [InlineData("() => 0", "src/a.js", false)]
    public void Expressions_and_functions_decide_about_files(string code, string path, bool matches)
    {
        var rule = Rule(code);

        rule.Matches(path, $"/home/me/.git/project/{path}").ShouldBe(matches);
        rule.Matches(path, $"/home/me/.git/project/{path}").ShouldBe(matches);
    }

    internal IPathRule Rule(string code) => ((ConfigObject)_bed.Read($"module.exports = {{ rule: {code} }}").Root)["rule"].ShouldBeOfType<ConfigRule>().Rule;
}
