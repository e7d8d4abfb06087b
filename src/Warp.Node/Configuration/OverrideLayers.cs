using System.Text;

namespace Warp.Node.Configuration;

/// <summary>Settings from environment and command line, written as HOCON.</summary>
internal static class OverrideLayers
{
    private static readonly string[] Prefixes = ["WARP__", "AKKA__"];

    /// <summary><c>WARP__NETWORK__IST_RANGE=10.9.0.0/16</c> is <c>warp.network.ist-range</c>: two underscores are a dot, one is a hyphen, case does not matter.</summary>
    public static ConfigLayer FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        var hocon = new StringBuilder();
        foreach (var (name, value) in environment.Where(entry => Prefixes.Any(prefix => entry.Key.StartsWith(prefix, StringComparison.Ordinal))))
        {
            var key = name.ToLowerInvariant().Replace("__", ".", StringComparison.Ordinal).Replace('_', '-');
            hocon.Append(key).Append(" = ").AppendLine(Value(value));
        }

        return ConfigLayer.Parse("the environment", hocon.ToString());
    }

    /// <summary><c>--set key=value</c>.</summary>
    /// <exception cref="OperatorException">One is not of that form.</exception>
    public static ConfigLayer FromCommandLine(IEnumerable<string> overrides)
    {
        var hocon = new StringBuilder();
        foreach (var text in overrides)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new OperatorException(ExitCode.Usage, $"--set {text}: key=value is expected, such as --set warp.network.ist-range=10.9.0.0/16.");
            }

            hocon.Append(text.AsSpan(0, equals).Trim()).Append(" = ").AppendLine(Value(text[(equals + 1)..]));
        }

        return ConfigLayer.Parse("--set", hocon.ToString());
    }

    // Lists and objects are HOCON already; everything else is text, whatever characters it has.
    private static string Value(string value) =>
        value.StartsWith('[') || value.StartsWith('{') ? value : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
