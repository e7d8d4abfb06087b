using System.Text.RegularExpressions;
using Shouldly;
using Warp.Node.Cli.Configuration;
using Warp.Node.Cli.Deploying;
using Xunit;

namespace Warp.Node.Tests.Cli.Configuration;

/// <summary>docs/warp-config.md promises nothing that is not so: its examples are read as <c>warp deploy</c> reads them, and it names every attribute.</summary>
public sealed partial class WarpConfigDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "warp-config.md"));

    public static TheoryData<string, string> Examples()
    {
        var examples = new TheoryData<string, string>();
        foreach (Match example in Fence().Matches(Document))
        {
            examples.Add(example.Groups["language"].Value, example.Groups["code"].Value);
        }

        return examples;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_accepted_without_a_warning(string language, string code)
    {
        using var folder = new TemporaryFolder();
        var service = Directory.CreateDirectory(folder["shop"]).FullName;
        File.WriteAllText(Path.Combine(service, "Dockerfile"), "FROM scratch");
        File.WriteAllText(Path.Combine(service, $"warp.config.{language}"), code);

        var input = DeployInput.Read([service], null, DeployOverrides.None, _ => "from the shell");

        input.Services.ShouldNotBeEmpty();
        input.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void There_are_examples() => Examples().Count.ShouldBeGreaterThan(15);

    [Fact]
    public void Every_attribute_is_named() =>
        ConfigAttributes.Known.SelectMany(group => group.Value.Select(name => group.Key.Length == 0 ? name : $"{group.Key}.{name}"))
            .Where(path => !ConfigAttributes.Known.ContainsKey(path) && !Document.Contains($"`{path}`", StringComparison.Ordinal) && !Document.Contains($"`{path}: ", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [GeneratedRegex("^```(?<language>js|json)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();
}
