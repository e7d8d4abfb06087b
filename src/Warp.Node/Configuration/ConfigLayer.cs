using System.Collections.Immutable;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Warp.Node.Configuration;

/// <summary>One source of settings after reading: its HOCON, and where it came from, to be named in an error.</summary>
/// <param name="Origin">A file, "the environment" or "--set".</param>
/// <param name="Config">The content.</param>
internal sealed record ConfigLayer(string Origin, Config Config)
{
    /// <summary>Parses HOCON.</summary>
    /// <exception cref="OperatorException">It is not HOCON.</exception>
    public static ConfigLayer Parse(string origin, string hocon)
    {
        if (HoconBrackets.Problem(hocon) is { } problem)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"{origin}, {problem}.");
        }

        try
        {
            return new ConfigLayer(origin, ConfigurationFactory.ParseString(hocon));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The parser has no exception type of its own and no line numbers.
            throw new OperatorException(ExitCode.NotConfigured, $"{origin} is not valid HOCON: {failure.Message}", failure);
        }
    }

    /// <summary>Unknown and wrong keys under <c>warp</c> and <c>akka.management</c>; other keys of Akka pass unseen.</summary>
    public ImmutableArray<string> Problems()
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (var path in SettingKeys.Roots)
        {
            if (!Config.IsEmpty && Config.GetValue(path) is { } value)
            {
                Look(path, value, problems);
            }
        }

        return problems.ToImmutable();
    }

    private void Look(string path, HoconValue value, ImmutableArray<string>.Builder problems)
    {
        if (SettingKeys.All.TryGetValue(path, out var kind))
        {
            if (SettingValues.Problem(kind, value) is { } problem)
            {
                problems.Add($"{Origin}: {path}: {problem}");
            }
        }
        else if (value.IsObject() && value.GetObject().Items.Count > 0)
        {
            foreach (var (name, child) in value.GetObject().Items)
            {
                Look($"{path}.{name}", child, problems);
            }
        }
        else
        {
            var nearest = SettingKeys.Nearest(path);
            problems.Add($"{Origin}: {path}: there is no such setting{(nearest is null ? "" : $"; did you mean {nearest}?")}");
        }
    }
}
