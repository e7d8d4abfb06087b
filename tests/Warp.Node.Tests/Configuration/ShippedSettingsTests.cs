using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Shouldly;
using Warp.Node.Configuration;
using Xunit;

namespace Warp.Node.Tests.Configuration;

public sealed partial class ShippedSettingsTests
{
    private static readonly string File = Path.Combine(SettingsLoader.ShippedFolder, "warp.conf");

    [Fact]
    public void The_shipped_file_has_exactly_the_known_keys() =>
        Keys("warp", ConfigurationFactory.ParseString(System.IO.File.ReadAllText(File)).GetValue("warp")).Order(StringComparer.Ordinal).ShouldBe(SettingKeys.All.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_key_has_a_comment()
    {
        var lines = System.IO.File.ReadAllLines(File);
        for (var i = 1; i < lines.Length; i++)
        {
            if (Assignment().IsMatch(lines[i]))
            {
                lines[i - 1].TrimStart().ShouldStartWith("#", customMessage: $"line {i + 1}: {lines[i]}");
            }
        }
    }

    private static IEnumerable<string> Keys(string path, HoconValue value) =>
        value.IsObject() ? value.GetObject().Items.SelectMany(item => Keys($"{path}.{item.Key}", item.Value)) : [path];

    [GeneratedRegex(@"^\s*[a-z-]+ = ", RegexOptions.None, 1000)]
    private static partial Regex Assignment();
}
