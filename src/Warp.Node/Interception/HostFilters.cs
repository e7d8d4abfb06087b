using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Warp.Cluster.Identity;
using Warp.Node.Interception.Native;

namespace Warp.Node.Interception;

/// <summary>The chains of others that drop what comes in to this host unless they know it: a firewall of the host. An accept of ours does not overrule them (nft(8), "Verdict statements").</summary>
internal static class HostFilters
{
    /// <summary>Reads them in the network namespace of the calling thread; blocks.</summary>
    /// <exception cref="InterceptionException">The kernel does not tell.</exception>
    public static ImmutableArray<HostFilter> Read(InterceptionOptions options) =>
    [
        .. from chain in Dropping(NftScript.List("chains"))
           where !string.Equals(chain.Table, options.TableName, StringComparison.Ordinal)
           let rules = NftScript.List("table", chain.Family, chain.Table)
           select chain with { KnowsPorts = Names(rules, options.InterceptPort) && Names(rules, options.NamesPort) },
    ];

    /// <summary>The chains at the way in whose policy is to drop, in what <c>nft -j list chains</c> prints.</summary>
    internal static IEnumerable<HostFilter> Dropping(string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var entry in document.RootElement.GetProperty("nftables").EnumerateArray())
        {
            if (entry.TryGetProperty("chain", out var chain) && Is(chain, "hook", "input") && Is(chain, "policy", "drop"))
            {
                yield return new HostFilter(chain.GetProperty("family").GetString()!, chain.GetProperty("table").GetString()!, chain.GetProperty("name").GetString()!, KnowsPorts: false);
            }
        }
    }

    // Which rule that is, and for whom, is the firewall's matter: it is taken for the permission that was asked for.
    internal static bool Names(string rules, int port) =>
        Regex.IsMatch(rules, string.Create(CultureInfo.InvariantCulture, $@"\b{port}\b"), RegexOptions.None, TimeSpan.FromMilliseconds(PatternLimits.Milliseconds));

    private static bool Is(JsonElement chain, string property, string value) =>
        chain.TryGetProperty(property, out var found) && string.Equals(found.GetString(), value, StringComparison.Ordinal);
}

/// <summary>A chain of somebody else that drops what it does not know.</summary>
/// <param name="Family">The family of its table, such as inet.</param>
/// <param name="Table">Its table.</param>
/// <param name="Chain">Its name.</param>
/// <param name="KnowsPorts">Whether a rule of its table names the ports that containers' calls arrive at.</param>
internal sealed record HostFilter(string Family, string Table, string Chain, bool KnowsPorts)
{
    /// <summary>Whose it is, as far as its names tell.</summary>
    public string Owner => this switch
    {
        { Table: "firewalld" } => "firewalld",
        { Family: "ip" or "ip6", Table: "filter", Chain: "INPUT" } => "iptables (ufw or the like)",
        _ => $"table {Family} {Table}",
    };
}
