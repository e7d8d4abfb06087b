using System.Collections;
using System.Collections.Immutable;

namespace Warp.Node.Configuration;

/// <summary>Where settings come from; a later one wins over an earlier one: shipped files, the user's file, environment, command line.</summary>
/// <param name="Data">The data folder; its <c>warp.conf</c> is read when there is one.</param>
/// <param name="ConfigFile">A file to read instead, which must exist; null when not given.</param>
/// <param name="Environment">Variables by name; only those beginning with <c>WARP__</c> or <c>AKKA__</c> are settings.</param>
/// <param name="Overrides"><c>key=value</c> as given with <c>--set</c>, in order.</param>
public sealed record SettingsSources(
    DataFolder Data, string? ConfigFile, IReadOnlyDictionary<string, string> Environment, ImmutableArray<string> Overrides)
{
    /// <summary>The sources of a command of this process.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="configFile">From <c>--config</c>; null when not given.</param>
    /// <param name="overrides">From <c>--set</c>.</param>
    public static SettingsSources ForProcess(DataFolder data, string? configFile, IEnumerable<string> overrides) =>
        new(data, configFile, ProcessEnvironment(), [.. overrides]);

    private static Dictionary<string, string> ProcessEnvironment() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
