using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Layout;

/// <summary>docs/connections.md and docs/failures.md promise nothing without a test: each line names its tests, and they exist.</summary>
public sealed partial class ConnectionContractTests
{
    [Theory]
    [InlineData("docs/connections.md", 20)]
    [InlineData("docs/failures.md", 15)]
    public void Every_test_that_the_contract_names_exists(string contract, int atLeast)
    {
        var named = NamedTest().Matches(Contract(contract)).Select(match => (Class: match.Groups["class"].Value, Method: match.Groups["method"].Value)).Distinct().ToArray();

        named.Length.ShouldBeGreaterThan(atLeast);
        named.Where(test => !Exists(test.Class, test.Method)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("docs/connections.md")]
    [InlineData("docs/failures.md")]
    public void Every_line_of_the_contract_names_a_test_or_says_that_there_is_none(string contract)
    {
        var lines = Contract(contract).Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.EndsWith("| shown by |", StringComparison.Ordinal));

        lines.Where(line => !NamedTest().IsMatch(line) && !line.Contains("not shown yet", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>\w+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamedTest();

    private static string Contract(string file) => File.ReadAllText(InRepository(file));

    // A class may be in several files, and several classes may have the same name.
    private static bool Exists(string type, string method) =>
        Directory.EnumerateFiles(InRepository("tests"), $"{type}*.cs", SearchOption.AllDirectories)
            .Any(file => File.ReadAllText(file) is var source && source.Contains($"class {type}", StringComparison.Ordinal) && source.Contains($" {method}(", StringComparison.Ordinal));

    private static string InRepository(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../..", path);
}
