using System.Globalization;

namespace Warp.Node.Interception.Rules;

/// <summary>
/// The table's chains: constant for given options, whatever runs. An accept of ours ends only our own chain, so the rules of Docker and of the host's firewall still
/// apply; a drop is final. Priorities put the guards and translations right before theirs.
/// </summary>
internal static class RuleChains
{
    /// <summary>The chains in nftables' language.</summary>
    public static string Render(InterceptionOptions options)
    {
        var port = options.InterceptPort.ToString(CultureInfo.InvariantCulture);
        var openPorts = options.OpenHostPorts.IsEmpty
            ? ""
            : $"meta l4proto {{ tcp, udp }} th dport {{ {string.Join(", ", options.OpenHostPorts.Distinct())} }} accept";
        return Template
            .Replace("RANGE", options.IstRange.ToString(), StringComparison.Ordinal)
            .Replace("INTERCEPT", port, StringComparison.Ordinal)
            .Replace("NODE_USER", options.NodeUserId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("OPEN_HOST_PORTS", openPorts, StringComparison.Ordinal);
    }

    // guard_range runs after conntrack (-200) and before any destination translation (-100), so it sees what the caller dialled, whatever other tables make of it later.
    // The fib expression is the reverse-path check: a source that does not belong to the bridge may not use the range (strict rp_filter is not needed for it).
    // Replies to the relay's dials and to translated callers are addressed to the range: conntrack knows them by their direction.
    // guard_callers: the range is local, so any program of the host could bind a caller's address; only the node may.
    // translate_caller matches what the caller dialled, because interface names differ there with bridge-nf-call-iptables.
    // The guards ask for the direction, not for "established": what slipped in while the rules were gone does not stay.
    private const string Template =
        """
        chain guard_range {
          type filter hook prerouting priority -120; policy accept;
          ip saddr RANGE drop
          ip daddr RANGE jump to_range
        }
        chain to_range {
          iifname != @bridges drop
          fib saddr . iif oif missing drop
          ct direction reply accept
          ct state established,related accept
          meta l4proto tcp iifname . ip saddr @callers iifname . ip daddr @services accept
          meta l4proto tcp reject with tcp reset
          reject with icmpx port-unreachable
        }
        chain translate_target {
          type nat hook prerouting priority dstnat - 5; policy accept;
          ip daddr != RANGE accept
          meta l4proto tcp dnat ip to iifname . ip daddr map @local_targets
          meta l4proto tcp iifname . ip saddr @callers iifname . ip daddr @services redirect to :INTERCEPT
        }
        chain translate_caller {
          type nat hook postrouting priority srcnat - 5; policy accept;
          ct original ip daddr RANGE snat ip to ip saddr map @caller_addresses
        }
        chain guard_callers {
          type filter hook output priority filter - 10; policy accept;
          ip saddr RANGE meta skuid != NODE_USER drop
        }
        chain guard_bridges {
          type filter hook forward priority filter - 10; policy accept;
          oifname @bridges goto into_bridge
        }
        chain into_bridge {
          iifname . oifname @bridge_pairs accept
          meta nfproto ipv6 drop
          ct direction reply accept
          drop
        }
        chain guard_host {
          type filter hook input priority filter - 10; policy accept;
          iifname @bridges meta nfproto ipv6 drop
          ct direction reply accept
          ip daddr RANGE drop
          iifname @bridges tcp dport INTERCEPT ct original ip daddr RANGE accept
          tcp dport INTERCEPT reject with tcp reset
          iifname @bridges goto from_bridge
        }
        chain from_bridge {
          OPEN_HOST_PORTS
          icmp type echo-request accept
          meta l4proto tcp reject with tcp reset
          reject with icmpx port-unreachable
        }

        """;
}
