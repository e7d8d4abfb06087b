using Shouldly;
using Warp.Node.Interception;
using Xunit;

namespace Warp.Node.Tests.Diagnosis;

/// <summary>Which chains of others are firewalls of the host, in what nft prints.</summary>
public sealed class HostFilterTests
{
    private const string Chains =
        """
        {"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
          {"chain": {"family": "inet", "table": "warp", "name": "to_node", "handle": 1, "type": "filter", "hook": "input", "prio": -1, "policy": "accept"}},
          {"chain": {"family": "ip", "table": "filter", "name": "INPUT", "handle": 2, "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}},
          {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "handle": 3, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}},
          {"chain": {"family": "ip", "table": "filter", "name": "ufw-before-input", "handle": 4}}]}
        """;

    [Fact]
    public void Only_a_chain_at_the_way_in_that_drops_by_default_is_one() =>
        HostFilters.Dropping(Chains).ShouldHaveSingleItem().ShouldBe(new HostFilter("ip", "filter", "INPUT", KnowsPorts: false));

    [Theory]
    [InlineData("{\"right\": 15001}", true)]
    [InlineData("{\"right\": {\"set\": [22, 15001, 15053]}}", true)]
    [InlineData("{\"right\": 115001}", false)]
    [InlineData("{\"right\": 150012}", false)]
    public void A_port_is_named_only_as_a_whole_number(string rules, bool named) => HostFilters.Names(rules, 15001).ShouldBe(named);
}
