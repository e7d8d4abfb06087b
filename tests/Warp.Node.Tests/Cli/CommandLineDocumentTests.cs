using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Warp.Node.Cli;
using Warp.Node.Configuration;
using Xunit;

namespace Warp.Node.Tests.Cli;

/// <summary>docs/cli.md names every verb, option, request and exit code that there is, and no other.</summary>
public sealed partial class CommandLineDocumentTests
{
    private static readonly string Text = File.ReadAllText(InDocs("cli.md"));

    private static readonly Dictionary<string, string> Sections = Text.Split("\n### ").Skip(1)
        .ToDictionary(part => part[..part.IndexOf('\n', StringComparison.Ordinal)], part => part.Split("\n## ")[0], StringComparer.Ordinal);

    public static TheoryData<string> Verbs => [.. Commands().Select(verb => verb.Name)];

    [Fact]
    public void Every_verb_has_its_section_and_every_section_its_verb() =>
        Sections.Keys.Order(StringComparer.Ordinal).ShouldBe(Commands().Select(verb => verb.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_option_of_a_verb_is_named_and_no_other(string verb)
    {
        var command = Commands().Single(one => string.Equals(one.Name, verb, StringComparison.Ordinal)).Command;

        OptionNames().Matches(Sections[verb]).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ShouldBe(command.Options.Select(option => option.Name).Where(name => name is not "--help").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_verb_has_an_example_that_the_parser_takes(string verb)
    {
        var example = Sections[verb].Split("```")[1].Trim();
        example = example.Replace("source <(", "", StringComparison.Ordinal).TrimEnd(')').Split(" < ")[0];

        Root().Parse(example["warp ".Length..]).Errors.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_verb_names_its_requests_and_the_API_has_them(string verb)
    {
        var api = Sections[verb].Split('\n').Single(line => line.StartsWith("API: ", StringComparison.Ordinal));
        var paths = JsonElement.Parse(File.ReadAllText(InDocs("openapi.json"))).GetProperty("paths");
        foreach (Match request in Requests().Matches(api))
        {
            paths.GetProperty(request.Groups["path"].Value).TryGetProperty(request.Groups["method"].Value.ToLowerInvariant(), out _).ShouldBeTrue(request.Value);
        }

        (api.StartsWith("API: none", StringComparison.Ordinal) || Requests().IsMatch(api)).ShouldBeTrue(api);
    }

    [Fact]
    public void Every_option_of_the_whole_is_named() =>
        Root().Options.Select(option => option.Name).Where(name => name is not ("--help" or "--version")).ShouldAllBe(name => Text.Contains($"`{name} ", StringComparison.Ordinal));

    [Fact]
    public void Every_exit_code_is_named() =>
        ExitCodes().Matches(Text).Select(match => int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture)).ShouldBe(Enum.GetValues<ExitCode>().Select(code => (int)code));

    private static RootCommand Root() => CommandLine.Root(new CommandOutput(TextWriter.Null, TextWriter.Null, redirected: true));

    private static IEnumerable<(string Name, Command Command)> Commands() => Leaves(Root(), "warp");

    private static IEnumerable<(string Name, Command Command)> Leaves(Command command, string name) => command.Subcommands.Count == 0
        ? [(name, command)]
        : command.Subcommands.SelectMany(child => Leaves(child, $"{name} {child.Name}"));

    private static string InDocs(string name, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs", name));

    [GeneratedRegex("--[a-z-]+[a-z]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OptionNames();

    [GeneratedRegex("`(?<method>GET|PUT|POST|DELETE) (?<path>[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Requests();

    [GeneratedRegex("^\\| (?<code>[0-9]+) \\|", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExitCodes();
}
