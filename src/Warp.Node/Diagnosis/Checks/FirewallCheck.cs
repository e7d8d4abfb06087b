using System.Collections.Immutable;
using System.Globalization;
using Warp.Node.Interception;

namespace Warp.Node.Diagnosis.Checks;

/// <summary>Whether our rules are in force, who has changed them, and whether a firewall of the host stands in the way.</summary>
/// <param name="options">Ports and ranges.</param>
/// <param name="repairs">What was repaired; null while no node runs.</param>
internal sealed class FirewallCheck(InterceptionOptions options, RuleRepairs? repairs) : ICheck
{
    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Name => "firewall";

    /// <inheritdoc/>
    public Task<ImmutableArray<Finding>> LookAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Judge(new FirewallFacts(repairs?.Failure, repairs?.Latest ?? [], HostFilters.Read(options), DateTimeOffset.UtcNow), options));

    internal static ImmutableArray<Finding> Judge(FirewallFacts facts, InterceptionOptions options)
    {
        ImmutableArray<Finding> found = [.. Failure(facts), .. Filters(facts, options), .. Repaired(facts)];
        return found.IsEmpty ? [Finding.Ok("firewall", "our rules are in force, and nobody has touched them for an hour")] : found;
    }

    private static IEnumerable<Finding> Failure(FirewallFacts facts)
    {
        if (facts.Failure is { } failure)
        {
            yield return Finding.Problem("firewall", $"the rules are not in force: {failure}", "the node tries again every two seconds; until then services on this runner reach each other as far as older rules allow");
        }
    }

    private static IEnumerable<Finding> Filters(FirewallFacts facts, InterceptionOptions options) =>
        facts.Filters.Where(filter => !filter.KnowsPorts).Select(filter => Finding.Problem(
            "firewall",
            $"the chain '{filter.Chain}' of {filter.Owner} drops what it does not know, and names nowhere the ports {options.InterceptPort} and {options.NamesPort}, at which calls and questions of containers arrive: they reach no service on another runner",
            Remedy(filter, options)));

    private static string Remedy(HostFilter filter, InterceptionOptions options) => filter switch
    {
        { Table: "firewalld" } => string.Join(
            " && ",
            [
                .. new[] { $"{options.InterceptPort} protocol=tcp", $"{options.NamesPort} protocol=tcp", $"{options.NamesPort} protocol=udp" }
                    .Select(port => $"firewall-cmd --permanent --add-rich-rule='rule family=ipv4 source address={options.BridgePool} port port={port} accept'"),
                "firewall-cmd --reload",
            ]),
        { Family: "ip", Table: "filter" } =>
            $"ufw allow proto tcp from {options.BridgePool} to any port {options.InterceptPort},{options.NamesPort}; ufw allow proto udp from {options.BridgePool} to any port {options.NamesPort}",
        _ => $"nft insert rule {filter.Family} {filter.Table} {filter.Chain} ip saddr {options.BridgePool} meta l4proto {{ tcp, udp }} th dport {{ {options.InterceptPort}, {options.NamesPort} }} accept",
    };

    private static IEnumerable<Finding> Repaired(FirewallFacts facts)
    {
        ImmutableArray<RuleRepair> lately = [.. facts.Repairs.Where(repair => facts.Now - repair.At < Lately)];
        if (!lately.IsEmpty)
        {
            yield return Finding.Warning(
                "firewall",
                string.Create(CultureInfo.InvariantCulture, $"in the last hour others changed our rules, which were restored, this often: {lately.Length}; the last time at {lately[0].At.UtcDateTime:HH:mm:ss'Z'}: {lately[0].What}"),
                "find what loads a ruleset of its own ('systemctl status nftables firewalld ufw'): 'flush ruleset' in /etc/nftables.conf takes everybody's rules, and 'flush table inet NAME' only its own");
        }
    }
}

/// <summary>What is in force, and what was found changed.</summary>
/// <param name="Failure">Why our rules are not in force; null when they are.</param>
/// <param name="Repairs">What was restored, the newest first.</param>
/// <param name="Filters">Chains of others that drop by default.</param>
/// <param name="Now">The time.</param>
internal sealed record FirewallFacts(string? Failure, ImmutableArray<RuleRepair> Repairs, ImmutableArray<HostFilter> Filters, DateTimeOffset Now);
