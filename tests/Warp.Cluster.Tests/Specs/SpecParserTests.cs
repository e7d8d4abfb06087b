using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Specs;

public sealed class SpecParserTests
{
    private const string Shop = """
        {
          "name": "shop", "project": "demo", "environment": "test",
          "services": [
            { "name": "app", "image": "shop-app:1", "pull": "never", "args": "node 'my app.js' --port=\"80 80\"", "variables": { "A": "1" }, "port": 8080, "runner": "r1", "stopGraceSeconds": 3 },
            { "name": "db", "image": "localhost:5000/team/postgres:15@sha256:0123456789abcdef0123456789abcdef", "args": ["-p", "3211"] }
          ]
        }
        """;

    [Fact]
    public void A_whole_document_becomes_a_spec()
    {
        var spec = Parse(Shop).Spec.ShouldNotBeNull();
        (spec.Name.Value, spec.Project, spec.Environment).ShouldBe(("shop", "demo", "test"));
        var app = spec.Services[0];
        (app.Pull, app.Port, app.Runner, app.StopGraceSeconds).ShouldBe((PullPolicy.Never, 8080, RunnerId.Parse("r1"), 3));
        app.Args.ShouldBe(["node", "my app.js", "--port=80 80"]);
        app.Variables["A"].ShouldBe("1");
        spec.Services[1].Args.ShouldBe(["-p", "3211"]);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var spec = Parse("""{ "services": [ { "name": "db", "image": "db", "port": null } ] }""").Spec.ShouldNotBeNull();
        (spec.Project, spec.Environment).ShouldBe(("default", "default"));
        var db = spec.Services[0];
        (db.Pull, db.Port, db.Runner, db.StopGraceSeconds, db.Args.Length, db.Variables.Count).ShouldBe((PullPolicy.Missing, null, null, 10, 0, 0));
    }

    [Theory]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "prot": 1 } ] }""", "services[0].prot", "did you mean 'port'?")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "environ": [] } ] }""", "services[0].environ", "known are")]
    [InlineData("""{ "servces": [], "services": [ { "name": "db", "image": "db" } ] }""", "servces", "did you mean 'services'?")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "port": 65536 } ] }""", "services[0].port", "from 1 to 65535")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "port": 0 } ] }""", "services[0].port", "not 0")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "port": "80" } ] }""", "services[0].port", "not a string")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "port": 80.5 } ] }""", "services[0].port", "not 80.5")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "runner": "R 1" } ] }""", "services[0].runner", "not a runner name")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "pull": "sometimes" } ] }""", "services[0].pull", "missing, always or never")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "args": "'x" } ] }""", "services[0].args", "is not closed")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "args": ["a", 1] } ] }""", "services[0].args[1]", "a string is expected")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "variables": { "WARP_X": "" } } ] }""", "services[0].variables.WARP_X", "set by Warp")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "variables": { "a=b": "" } } ] }""", "services[0].variables.a=b", "'='")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "variables": { "A": "\u0000" } } ] }""", "services[0].variables.A", "NUL")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db", "variables": { "A": 5 } } ] }""", "services[0].variables.A", "in quotes")]
    [InlineData("""{ "services": [ { "name": "db", "image": "Db:1" } ] }""", "services[0].image", "not an image reference")]
    [InlineData("""{ "services": [ { "name": "db" } ] }""", "services[0].image", "is missing")]
    [InlineData("""{ "services": [ { "name": "a/b", "image": "db" } ] }""", "services[0].name", "contains '/'")]
    [InlineData("""{ "services": [ { "name": "\ud800", "image": "db" } ] }""", "services[0].name", "well-formed Unicode")]
    [InlineData("""{ "services": [ { "\ud800": "", "name": "db", "image": "db" } ] }""", "services[0]", "well-formed Unicode")]
    [InlineData("""{ "services": [ { "name": "??", "image": "db" } ] }""", "services[0].name", "no letter or digit")]
    [InlineData("""{ "services": [ { "name": "db", "name": "db", "image": "db" } ] }""", "services[0].name", "given twice")]
    [InlineData("""{ "services": [ { "name": "db", "image": "db" }, { "name": "db", "image": "db" } ] }""", "services[1].name", "two services are called 'db' (services[0] and services[1])")]
    [InlineData("""{ "services": [ { "name": "my_db", "image": "db" }, { "name": "My db", "image": "db" } ] }""", "services[1].name", "'my_db' (services[0]) and 'My db'")]
    [InlineData("""{ "services": [] }""", "services", "1 to 200")]
    [InlineData("""{ "services": {} }""", "services", "not an object")]
    [InlineData("{}", "services", "1 to 200")]
    [InlineData("[]", "", "an object is expected")]
    [InlineData("""{ "services": [ 1 ] }""", "services[0]", "an object is expected")]
    [InlineData("""{ "name": "blog", "services": [ { "name": "db", "image": "db" } ] }""", "name", "sent to 'shop'")]
    [InlineData("""{ "project": "", "services": [ { "name": "db", "image": "db" } ] }""", "project", "1 to 100")]
    [InlineData("{ \"services\": [\n { \"name\": db } ] }", "", "line 2")]
    [InlineData("", "", "not JSON")]
    public void One_mistake_is_one_problem_that_names_the_field(string document, string field, string message)
    {
        var result = Parse(document);
        result.Spec.ShouldBeNull();
        var problem = result.Problems.ShouldHaveSingleItem();
        problem.Field.ShouldBe(field);
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void All_problems_are_named_at_once() =>
        Parse("""{ "x": 1, "services": [ { "name": "", "image": "A" }, { "image": "b", "port": 70000, "runner": "-" } ] }""").Problems.Select(p => p.Field)
            .ShouldBe(["x", "services[0].name", "services[0].image", "services[1].name", "services[1].port", "services[1].runner"]);

    [Fact]
    public void Size_and_number_are_bounded()
    {
        string Services(int count) => $$"""{ "services": [ {{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{ "name": "s{{i}}", "image": "i" }"""))}} ] }""";
        Parse(Services(200)).Problems.ShouldBeEmpty();
        Parse(Services(201)).Problems.ShouldHaveSingleItem().Message.ShouldContain("this one has 201");
        SpecParser.Parse(DeploymentName.Parse("shop"), new byte[10_000_000]).Problems.ShouldHaveSingleItem().Message.ShouldContain("4194304 are allowed");
        var many = string.Join(',', Enumerable.Range(0, 1000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"f{i}\":1")));
        Parse("{" + many + "}").Problems.Length.ShouldBe(101);
    }

    [Theory]
    [InlineData('x', 1024 * 1024)]
    [InlineData('"', 256 * 1024)]
    [InlineData('ü', 256 * 1024)]
    public void Two_hundred_services_with_a_megabyte_of_variables_are_accepted(char content, int length) => Parse(Large(content, length / 200)).Problems.ShouldBeEmpty();

    [Fact]
    public void What_would_not_fit_into_a_message_between_nodes_is_refused() =>
        Parse(Large('ü', 4000)).Problems.ShouldHaveSingleItem().Message.ShouldContain("3145728 are allowed");

    [Fact]
    public void A_damaged_document_never_throws() =>
        Gen.Select(Gen.Int[0, Shop.Length - 1], Gen.Int[0, 40], Gen.String["{}[]\",:1nul\\ud8 "]).Sample((at, cut, insert) =>
        {
            var result = Parse(string.Concat(Shop.AsSpan(0, at), insert, Shop.AsSpan(Math.Min(Shop.Length, at + cut))));
            (result.Spec is null).ShouldBe(result.Problems.Length > 0);
        });

    [Theory]
    [InlineData("a b  c", "a|b|c")]
    [InlineData("a\\ b 'c d'\"e f\"", "a b|c de f")]
    [InlineData("'' \"\"", "|")]
    [InlineData("\"a\\\"b\\n\" 'x\\y'", "a\"b\\n|x\\y")]
    [InlineData("$HOME *", "$HOME|*")]
    [InlineData("  ", "")]
    public void A_line_is_split_as_a_shell_does(string line, string words)
    {
        ShellWords.TrySplit(line, out var split, out _).ShouldBeTrue();
        string.Join('|', split).ShouldBe(words);
    }

    private static string Large(char content, int each)
    {
        var value = JsonEncodedText.Encode(new string(content, each), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return $$"""{ "services": [ {{string.Join(',', Enumerable.Range(0, 200).Select(i => $$"""{ "name": "s{{i}}", "image": "i", "variables": { "V": "{{value}}" } }"""))}} ] }""";
    }

    private static SpecParseResult Parse(string document) => SpecParser.Parse(DeploymentName.Parse("shop"), Encoding.UTF8.GetBytes(document));
}
