using System.Text.RegularExpressions;
using CsCheck;
using Shouldly;
using Warp.Cluster.Endpoints;
using Warp.Node.Interception;
using Warp.Node.Interception.Netlink;
using Warp.Node.Interception.Rules;
using Warp.Node.Tests.Interception.Bed;
using Xunit;

namespace Warp.Node.Tests.Interception.Rules;

public sealed partial class RuleSetRendererTests
{
    private static readonly RuleSetRenderer s_renderer = new(new InterceptionOptions(), holdsCalls: true);

    [Fact]
    public void A_change_applied_to_one_table_gives_the_other() =>
        Gen.Select(RandomRoutes.Any.Select(Model), RandomRoutes.Any.Select(Model)).Sample((from, to) =>
        {
            var table = Read(s_renderer.Replace(from));
            foreach (Match change in Change().Matches(s_renderer.Change(RuleSetDelta.Between(from, to))))
            {
                var set = table[change.Groups["set"].Value];
                var elements = Elements(change.Groups["elements"].Value);
                (change.Groups["verb"].Value is "add" ? elements.All(set.Add) : elements.All(set.Remove)).ShouldBeTrue();
            }

            var wanted = Read(s_renderer.Replace(to));
            return table.All(entry => entry.Value.SetEquals(wanted[entry.Key]));
        });

    [Fact]
    public void The_kernel_has_after_each_change_what_the_model_says()
    {
        using var host = new NetworkNamespace();
        host.Ip("link set lo up");
        var rules = new NftRuleSet(new InterceptionOptions(), host);

        RandomRoutes.Any.Sample(
            routes =>
            {
                rules.ApplyAsync(routes, CancellationToken.None).GetAwaiter().GetResult().Failure.ShouldBeNull();
                var model = Model(routes);
                return host.Run(() =>
                {
                    using var netfilter = NetlinkSocket.OpenNetfilter();
                    var state = new NftablesState(netfilter, "warp");
                    return SetSchema.All.All(set => state.Elements(set)!.SetEquals(model[set]));
                });
            },
            iter: 50,
            threads: 1);
    }

    [Fact]
    public void The_same_models_need_no_change() =>
        RandomRoutes.Any.Sample(routes => RuleSetDelta.Between(Model(routes), Model(routes)).IsEmpty);

    [Fact]
    public void The_chains_do_not_depend_on_what_runs()
    {
        static int Rules(string script) => script.Split('\n').Count(line => line.StartsWith("  ", StringComparison.Ordinal));

        Rules(s_renderer.Replace(Model(Routes.Of(RunnerBed.Shop, RunnerBed.Blog)))).ShouldBe(Rules(s_renderer.Replace(RuleSetModel.Empty)));
    }

    [Fact]
    public void No_open_host_port_is_no_rule_for_open_host_ports() =>
        new RuleSetRenderer(new InterceptionOptions { OpenHostPorts = [] }, holdsCalls: true).Replace(RuleSetModel.Empty).ShouldNotContain("th dport {");

    private static RuleSetModel Model(RunnerRoutes routes) => RuleSetModel.Empty.Next(routes, []);

    private static Dictionary<string, HashSet<string>> Read(string script) =>
        Definition().Matches(script).ToDictionary(match => match.Groups["set"].Value, match => Elements(match.Groups["elements"].Value), StringComparer.Ordinal);

    private static HashSet<string> Elements(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^(?<verb>add|delete) element inet warp (?<set>\w+) \{(?<elements>[^}]*)\}", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Change();

    [GeneratedRegex(@"^(set|map) (?<set>\w+) \{ type [^;]+; (elements = \{(?<elements>[^}]*)\})?", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Definition();
}
