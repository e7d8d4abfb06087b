using System.CommandLine.Parsing;

namespace Warp.Node.Cli;

/// <summary>The value of <c>--node</c>.</summary>
internal static class NodeUrl
{
    /// <summary>An https URL with a host; a bare host means the default management port.</summary>
    public static Uri? Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        if (Uri.TryCreate(full, UriKind.Absolute, out var url) && string.Equals(url.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal) && url.AbsolutePath is "/")
        {
            return url.IsDefaultPort && !full.EndsWith(":443", StringComparison.Ordinal) ? new UriBuilder(url) { Port = Http.ManagementOptions.DefaultPort }.Uri : url;
        }

        argument.AddError($"--node: '{text}' is not the URL of a node; write it like https://192.0.2.11:{Http.ManagementOptions.DefaultPort}.");
        return null;
    }
}
