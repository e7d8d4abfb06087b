using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Shouldly;
using Warp.Node.Configuration;
using Xunit;

namespace Warp.Node.Tests.Configuration;

public sealed partial class ShippedSettingsTests
{
    [Fact]
    public void The_shipped_files_have_exactly_the_known_keys() =>
        new[] { "warp.conf", "management.conf" }
            .SelectMany(file => SettingKeys.Roots.Select(root => (Root: root, Value: ConfigurationFactory.ParseString(Text(file)).GetValue(root))))
            .SelectMany(part => part.Value is null ? [] : Keys(part.Root, part.Value))
            .Order(StringComparer.Ordinal)
            .ShouldBe(SettingKeys.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("warp.conf")]
    [InlineData("management.conf")]
    public void Every_key_has_a_comment(string file)
    {
        var lines = Text(file).Split('\n');
        for (var i = 1; i < lines.Length; i++)
        {
            if (Assignment().IsMatch(lines[i]))
            {
                lines[i - 1].TrimStart().ShouldStartWith("#", customMessage: $"{file}, line {i + 1}: {lines[i]}");
            }
        }
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(SettingsLoader.ShippedFolder, file));

    private static IEnumerable<string> Keys(string path, HoconValue value) =>
        value.IsObject() && value.GetObject().Items.Count > 0 ? value.GetObject().Items.SelectMany(item => Keys($"{path}.{item.Key}", item.Value)) : [path];

    [GeneratedRegex(@"^\s*[a-z-]+ = ", RegexOptions.None, 1000)]
    private static partial Regex Assignment();
}
