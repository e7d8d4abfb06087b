using System.Text.RegularExpressions;
using Warp.Cluster.Identity;

namespace Warp.Node.Interception.Rules;

/// <summary>The names that a bridge of ours can have: at most 15 characters (IFNAMSIZ less the closing zero) that need no quoting anywhere.</summary>
internal static partial class InterfaceName
{
    /// <summary>Whether the name can go into a script.</summary>
    public static bool IsPlain(string name) => Plain().IsMatch(name);

    /// <summary>Gives the name back when it can go into a script.</summary>
    /// <exception cref="InterceptionException">It cannot.</exception>
    public static string Check(string name) =>
        IsPlain(name)
            ? name
            : throw new InterceptionException($"'{name}' cannot be the interface name of a bridge: 1 to 15 letters, digits, '.', '_' and '-' are expected; remove that network from the container engine");

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,15}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex Plain();
}
