using System.Globalization;
using Warp.Node.Interception.Queue;

namespace Warp.Node.Interception.Rules;

/// <summary>
/// The table's chains: constant for given options, whatever runs. An accept of ours ends only our own chain, so the rules of Docker and of the host's firewall still
/// apply; a drop is final. Priorities put the guards and translations right before theirs.
/// </summary>
internal static class RuleChains
{
    /// <summary>The chain whose only rule hands a packet to the queue of held connections; nftables' language may lack it, so it is put in by itself.</summary>
    public const string Hold = "hold";

    /// <summary>The chains in nftables' language.</summary>
    /// <param name="options">Ranges, ports and names.</param>
    /// <param name="holdsCalls">Whether connections that need the relay are held until their service has been dialled.</param>
    public static string Render(InterceptionOptions options, bool holdsCalls)
    {
        var openPorts = options.OpenHostPorts.IsEmpty
            ? ""
            : $"meta l4proto {{ tcp, udp }} th dport {{ {string.Join(", ", options.OpenHostPorts.Distinct())} }} accept";
        return (holdsCalls ? HoldTemplate + Template : Template)
            .Replace("RANGE", options.IstRange.ToString(), StringComparison.Ordinal)
            .Replace("BRIDGE_POOL", options.BridgePool.ToString(), StringComparison.Ordinal)
            .Replace("BRIDGE_PREFIX", options.BridgeNamePrefix, StringComparison.Ordinal)
            .Replace("INTERCEPT", options.InterceptPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("NAMES", options.NamesPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("QUESTION_RATE", options.NameQuestionsPerSecond.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("NODE_USER", options.NodeUserId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("NODE_PORTS", string.Join(", ", options.NodePorts.Distinct()), StringComparison.Ordinal)
            .Replace("CONNECTION_RATE", options.NodeConnectionsPerSecond.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("CONNECTION_BURST", (2 * options.NodeConnectionsPerSecond).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("CONNECTION_COUNT", options.NodeConnectionsAtOnce.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("OPEN_HOST_PORTS", openPorts, StringComparison.Ordinal)
            .Replace("REFUSED_MARK", SynQueue.RefusedMark.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    // Right before the guards, so that nothing of the host comes between a verdict's mark and the rule that answers it. What the guards would refuse anyway is held too, for the relay knows
    // who called and says so; a caller that tries many addresses gets past it, and is refused by the guards alone.
    // What comes while the node is away for a moment is dropped: a caller sends it again, after 1, 3 and 7 seconds, and finds the node that is back.
    private const string HoldTemplate =
        """
        chain hold_calls {
          type filter hook prerouting priority -121; policy accept;
          ip daddr RANGE tcp flags & (fin | syn | rst | ack) == syn iifname . ip saddr @callers goto hold_relayed
        }
        chain hold_relayed {
          iifname . ip daddr @direct accept
          iifname . ip saddr @callers meta l4proto @away drop
          iifname . ip daddr @services goto hold
          limit rate 20/second burst 40 packets goto hold
        }
        chain hold {
        }

        """;

    // guard_sources runs after conntrack (-200) and before any destination translation (-100), so it sees what the caller dialled, whatever other tables make of it later.
    // The fib expressions are the reverse-path check (strict rp_filter is not needed for it): what comes from a bridge has an address of that bridge, and what comes from elsewhere has none.
    // Without it a false source opens an entry in conntrack whose replies lead into another deployment's bridge.
    // Replies to the relay's dials and to translated callers are addressed to the range: conntrack knows them by their direction.
    // guard_callers: the range is local, so any program of the host could bind a caller's address; only the node may.
    // translate_caller matches what the caller dialled, because interface names differ there with bridge-nf-call-iptables.
    // translate_target: questions for names at the gateway of the bridge that they come in by go to the node's own port, so that it needs no port 53 of a host that may have a name
    // server of its own. An address of another bridge is not local to that interface: from there nothing is redirected, and from_bridge refuses it.
    // guard_host drops a container's flood of such questions before it can fill the queue of the one socket that takes those of all.
    // The guards ask for the direction, not for "established": what slipped in while the rules were gone does not stay.
    // to_node bounds what one address can do to the ports of the nodes before anything of ours has to look at it: connections in a second, and at once.
    private const string Template =
        """
        chain deny {
          update @denied { iifname . ip saddr counter }
          drop
        }
        chain refuse {
          update @denied { iifname . ip saddr counter }
          meta l4proto tcp reject with tcp reset
          reject with icmpx port-unreachable
        }
        chain guard_sources {
          type filter hook prerouting priority -120; policy accept;
          ip saddr RANGE counter name false_source goto deny
          iifname @bridges meta nfproto ipv4 fib saddr . iif oif missing counter name false_source goto deny
          iifname @bridges ip daddr 127.0.0.0/8 counter name host_port goto deny
          iifname != @bridges ip saddr BRIDGE_POOL fib saddr oifname "BRIDGE_PREFIX*" counter name false_source goto deny
          ip daddr RANGE jump to_range
        }
        chain to_range {
          iifname != @bridges counter name service_from_outside goto deny
          ct direction reply accept
          ct state established,related accept
          meta l4proto tcp iifname . ip saddr @callers iifname . ip daddr @services goto answer
          counter name unknown_service goto refuse
        }
        chain answer {
          meta mark REFUSED_MARK meta l4proto tcp reject with tcp reset
        }
        chain translate_target {
          type nat hook prerouting priority dstnat - 5; policy accept;
          iifname @bridges fib daddr . iif type local meta l4proto { tcp, udp } th dport 53 redirect to :NAMES
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
          ip saddr RANGE meta skuid != NODE_USER counter name false_source goto deny
        }
        chain guard_bridges {
          type filter hook forward priority filter - 10; policy accept;
          iifname . oifname @bridge_pairs accept
          oifname @bridges goto into_bridge
          iifname @bridges goto out_of_bridge
        }
        chain into_bridge {
          meta nfproto ipv6 counter name ipv6 goto deny
          ct direction reply accept
          counter name container goto deny
        }
        chain out_of_bridge {
          meta nfproto ipv6 counter name ipv6 goto deny
          ct direction reply accept
          ip daddr @runners tcp dport { NODE_PORTS } counter name node_port goto refuse
        }
        chain guard_host {
          type filter hook input priority filter - 10; policy accept;
          iifname @bridges meta nfproto ipv6 counter name ipv6 goto deny
          ct direction reply accept
          ip daddr RANGE counter name service_from_outside goto deny
          iifname @bridges tcp dport INTERCEPT ct original ip daddr RANGE accept
          tcp dport INTERCEPT counter name host_port goto refuse
          iifname @bridges udp dport NAMES ct original proto-dst 53 update @name_callers { iifname . ip saddr limit rate over QUESTION_RATE/second burst QUESTION_RATE packets } counter name name_flood goto deny
          iifname @bridges meta l4proto { tcp, udp } th dport NAMES ct original proto-dst 53 accept
          meta l4proto { tcp, udp } th dport NAMES counter name host_port goto refuse
          iifname @bridges goto from_bridge
          iifname != "lo" tcp dport { NODE_PORTS } ct state new jump to_node
        }
        chain from_bridge {
          OPEN_HOST_PORTS
          icmp type echo-request accept
          counter name host_port goto refuse
        }
        chain to_node {
          update @node_callers { ip saddr . tcp dport limit rate over CONNECTION_RATE/second burst CONNECTION_BURST packets } counter name node_flood goto deny
          add @node_connections { ip saddr . tcp dport ct count over CONNECTION_COUNT } counter name node_flood goto deny
        }

        """;
}
