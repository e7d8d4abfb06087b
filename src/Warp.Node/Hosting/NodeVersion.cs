using System.Reflection;

namespace Warp.Node.Hosting;

/// <summary>The version of this program.</summary>
internal static class NodeVersion
{
    /// <summary>Without the commit, which stands behind the '+'.</summary>
    public static string Text { get; } =
        typeof(NodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
