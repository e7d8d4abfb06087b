using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Cli.Configuration;

public sealed class VariablesTests : IDisposable
{
    private readonly ConfigBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData("variables: { A: 'x', B: '' }", """{"A":"x","B":""}""")]
    [InlineData("variables: { A: { empty: true } }", """{"A":""}""")]
    [InlineData("variables: { A: { undef: true }, B: 'x' }", """{"B":"x"}""")]
    [InlineData("variables: { HERE: { local: true } }", """{"HERE":"from the shell"}""")]
    [InlineData("variables: { A: 'x', B: 'x', C: 'x', D: { undef: true } }, deployment: { variables: { A: 'y', B: { undef: true }, C: { empty: true }, D: 'y' } }", """{"A":"y","C":"","D":"y"}""")]
    [InlineData("deployment: { variables: { A: 'y' } }", """{"A":"y"}""")]
    [InlineData("variables: { A: null, B: undefined, C: process.env.HERE, D: 'x' }", """{"D":"x"}""")]
    public void A_value_is_a_string_or_says_where_it_comes_from(string content, string variables)
    {
        _bed.Shell["HERE"] = "from the shell";

        JsonNode.DeepEquals(_bed.Entry($"{{ image: 'i', {content} }}")["variables"], JsonNode.Parse(variables)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("PORT: 8080", "warp.config.js:3:3: variables.PORT: a variable is a text: write it in quotes, as \"8080\"")]
    [InlineData("DEBUG: true", "variables.DEBUG: a variable is a text: write it in quotes, as \"true\"")]
    [InlineData("A: { local: true }", "variables.A: A is not set in your shell, where { local: true } takes it from. Set it ('export A=...')")]
    [InlineData("A: { local: false }", "variables.A: a string, { local: true }, { empty: true } or { undef: true } is expected, not an object like this")]
    [InlineData("A: { local: true, empty: true }", "not an object like this")]
    [InlineData("A: ['x']", "not an array")]
    [InlineData("A: () => 'x'", "not a function")]
    [InlineData("WARP_X: 'x'", "variables.WARP_X: names that begin with WARP_ are set by Warp")]
    [InlineData("'a=b': 'x'", "variables.a=b: a variable's name may contain neither '='")]
    [InlineData("'a.b': 'x\\0'", "variables.a.b: a variable's value may not contain NUL")]
    public void Any_other_value_is_refused_with_what_to_write(string content, string message) =>
        _bed.Refusal($"module.exports = {{ image: 'i', variables: {{\n\n  {content} }} }}").ShouldContain(message);

    [Fact]
    public void Neither_is_anything_but_an_object_taken() =>
        _bed.Refusal("module.exports = { image: 'i', variables: ['A=x'] }").ShouldContain("variables: an object with the variables is expected");

    [Fact]
    public void A_megabyte_of_variables_is_read() =>
        _bed.Entry("{ image: 'i', variables: Object.fromEntries(Array.from({ length: 200 }, (_, i) => ['V' + i, 'x'.repeat(5243)])) }")["variables"]!.AsObject().Count.ShouldBe(200);
}
