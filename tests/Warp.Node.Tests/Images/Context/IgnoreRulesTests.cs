using Shouldly;
using Warp.Node.Configuration;
using Warp.Node.Images.Context;
using Xunit;

namespace Warp.Node.Tests.Images.Context;

public sealed class IgnoreRulesTests
{
    [Theory]
    [InlineData("node_modules", "node_modules", true)]
    [InlineData("node_modules", "node_modules/a/b.js", true)]
    [InlineData("node_modules", "sub/node_modules", false)]
    [InlineData("node_modules/", "node_modules", true)]
    [InlineData("/node_modules", "node_modules", true)]
    [InlineData("./a//b/../c", "a/c", true)]
    [InlineData("../a", "a", true)]
    [InlineData("**/node_modules", "node_modules/a", true)]
    [InlineData("**/node_modules", "x/y/node_modules", true)]
    [InlineData("**/*.go", "main.go", true)]
    [InlineData("**/*.go", "a/b/main.go", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("a/**/z", "a/bz", false)]
    [InlineData("*/temp*", "sub/temporary.txt", true)]
    [InlineData("*/temp*", "a/b/temp", false)]
    [InlineData("*/*/temp*", "a/b/temp", true)]
    [InlineData("*.md", "README.md", true)]
    [InlineData("*.md", "doc/README.md", false)]
    [InlineData("temp?", "tempa", true)]
    [InlineData("temp?", "temp", false)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("[^a-c].txt", "b.txt", false)]
    [InlineData("[^a-c].txt", "d.txt", true)]
    [InlineData("\\*.txt", "*.txt", true)]
    [InlineData("\\*.txt", "a.txt", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("a+(b){1}|$", "a+(b){1}|$", true)]
    [InlineData("# comment", "# comment", false)]
    [InlineData(" spaced ", "spaced", true)]
    [InlineData(".", "a", false)]
    [InlineData("*", ".hidden/a", true)]
    public void A_line_leaves_out_what_it_names(string line, string path, bool ignored) => Rules(line).Ignores(path).ShouldBe(ignored);

    [Fact]
    public void The_last_line_that_matches_decides()
    {
        var rules = Rules("*.md", "!README*.md", "README-secret.md");

        rules.Ignores("notes.md").ShouldBeTrue();
        rules.Ignores("README.md").ShouldBeFalse();
        rules.Ignores("README-secret.md").ShouldBeTrue();
        Rules("*.md", "README-secret.md", "!README*.md").Ignores("README-secret.md").ShouldBeFalse();
    }

    [Fact]
    public void Files_of_a_folder_that_is_left_out_can_be_taken_back_in()
    {
        var rules = Rules("*", "!src", "!**/keep.txt", "src/private");

        rules.Ignores("src/app/main.c").ShouldBeFalse();
        rules.Ignores("src/private/key").ShouldBeTrue();
        rules.Ignores("docs/a.txt").ShouldBeTrue();
        rules.Ignores("docs/deep/keep.txt").ShouldBeFalse();
    }

    [Theory]
    [InlineData("!a/b/c", "a", true)]
    [InlineData("!a/b/c", "x", false)]
    [InlineData("!a/b/c", "a/b", true)]
    [InlineData("!a/b/c", "a/x", false)]
    [InlineData("!a", "a/b", true)]
    [InlineData("!**/c", "x/y", true)]
    [InlineData("!*/c", "x", true)]
    [InlineData("a/b", "a", false)]
    public void A_folder_that_is_left_out_is_looked_into_only_where_a_line_may_take_something_back(string line, string folder, bool looked) =>
        Rules("*", line).MayKeepInside(folder).ShouldBe(looked);

    [Fact]
    public void A_line_that_cannot_be_read_is_named_with_its_number() =>
        Should.Throw<OperatorException>(() => Rules("a", "b[", "c")).Message.ShouldContain("the-file:2: the bracket in 'b[' is not closed");

    private static IgnoreRules Rules(params string[] lines) => IgnoreRules.Parse(lines, "the-file");
}
