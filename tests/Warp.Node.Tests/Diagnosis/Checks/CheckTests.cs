using System.Collections.Immutable;
using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Diagnosis;
using Warp.Node.Diagnosis.Checks;
using Warp.Node.Docker;
using Warp.Node.Interception;
using Xunit;

namespace Warp.Node.Tests.Diagnosis.Checks;

/// <summary>What each check makes of what it sees.</summary>
public sealed class CheckTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly KernelFacts Kernel = new("6.18", null, Forwards: true, 100, 1000);
    private static readonly InterceptionOptions Options = new();
    private static readonly NodeEndpoint Tunnel = new("192.0.2.2", 4054);
    private static readonly PeerPlace Peer = new(RunnerId.Parse("r2"), new NodeEndpoint("192.0.2.2", 4053), Tunnel, new NodeEndpoint("192.0.2.2", 8558), null);

    [Fact]
    public void An_engine_that_does_not_answer_is_a_problem() =>
        Single(EngineCheck.Judge(new RuntimeFailure(RuntimeFailureKind.EngineUnavailable, "it does not answer")), FindingLevel.Problem, "it does not answer");

    [Theory]
    [InlineData(true, FindingLevel.Ok)]
    [InlineData(false, FindingLevel.Warning)]
    public void An_engine_whose_restart_stops_containers_is_warned_of(bool liveRestore, FindingLevel level) =>
        Single(EngineCheck.Judge(new EngineState("29.1", "overlay2", liveRestore, "/var/lib/docker")), level, "29.1");

    [Fact]
    public void A_kernel_with_all_and_room_is_well() => Single(KernelCheck.Judge(Kernel), FindingLevel.Ok, "100 of 1000");

    [Fact]
    public void Connections_that_are_accepted_first_are_a_warning_with_the_reason() =>
        Single(KernelCheck.Judge(Kernel with { AcceptsFirstBecause = "nfnetlink_queue is missing" }), FindingLevel.Warning, "nfnetlink_queue is missing");

    [Fact]
    public void A_kernel_that_does_not_forward_is_a_problem() => Single(KernelCheck.Judge(Kernel with { Forwards = false }), FindingLevel.Problem, "forwarding is off");

    [Theory]
    [InlineData(699, FindingLevel.Ok)]
    [InlineData(700, FindingLevel.Warning)]
    [InlineData(900, FindingLevel.Problem)]
    public void A_full_table_of_connections_is_said_before_it_is_full(int tracked, FindingLevel level) =>
        Single(KernelCheck.Judge(Kernel with { Tracked = tracked }), level, $"{tracked} of 1000");

    [Theory]
    [InlineData(100L << 30, 1000L << 30, FindingLevel.Ok)]
    [InlineData(4L << 30, 1000L << 30, FindingLevel.Warning)]
    [InlineData(3L << 30, 20L << 30, FindingLevel.Ok)]
    [InlineData(400L << 20, 1000L << 30, FindingLevel.Problem)]
    [InlineData(1L << 20, 100L << 20, FindingLevel.Problem)]
    public void A_disk_that_fills_is_said_before_it_is_full(long free, long size, FindingLevel level) =>
        DiskCheck.Judge(new DiskFacts("the node's data", "/var/lib/warp", free, size)).Level.ShouldBe(level);

    [Fact]
    public void Certificates_are_said_with_their_ends() =>
        Single(CertificateCheck.Judge(new CertificateFacts(Now.AddDays(300), Now.AddYears(9), [], Now)), FindingLevel.Ok, "2030-11-27");

    [Fact]
    public void An_ended_certificate_is_a_problem() =>
        Single(CertificateCheck.Judge(new CertificateFacts(Now.AddMinutes(-1), Now.AddYears(9), [], Now)), FindingLevel.Problem, "ended");

    [Fact]
    public void An_authority_that_ends_soon_and_a_renewal_that_fails_are_warned_of() =>
        CertificateCheck.Judge(new CertificateFacts(Now.AddDays(300), Now.AddDays(80), ["nobody signs"], Now)).Select(finding => (finding.Level, finding.Message.Contains("nobody signs", StringComparison.Ordinal)))
            .ShouldBe([(FindingLevel.Warning, true), (FindingLevel.Warning, false)]);

    [Theory]
    [InlineData(1500, 1500, FindingLevel.Ok)]
    [InlineData(1500, 1450, FindingLevel.Warning)]
    [InlineData(1450, 1500, FindingLevel.Ok)]
    public void Packets_that_do_not_fit_through_the_way_out_are_warned_of(int bridge, int wayOut, FindingLevel level) =>
        MtuCheck.Judge(new MtuFacts([new InterfaceMtu("warp1", bridge)], [new InterfaceMtu("eth0", wayOut)])).ShouldHaveSingleItem().Level.ShouldBe(level);

    [Fact]
    public void A_host_without_a_way_out_has_nothing_that_packets_must_fit_through() =>
        MtuCheck.Judge(new MtuFacts([new InterfaceMtu("warp1", 1500)], [])).ShouldHaveSingleItem().Level.ShouldBe(FindingLevel.Ok);

    [Fact]
    public void Rules_that_nobody_touched_lately_are_well() =>
        Single(FirewallCheck.Judge(new FirewallFacts(null, [new RuleRepair(Now.AddHours(-2), "the table was gone")], [], Now), Options), FindingLevel.Ok, "in force");

    [Fact]
    public void Rules_that_were_flushed_lately_are_a_warning_that_says_what_was_gone() =>
        Single(FirewallCheck.Judge(new FirewallFacts(null, [new RuleRepair(Now.AddMinutes(-2), "the table was gone")], [], Now), Options), FindingLevel.Warning, "the table was gone");

    [Fact]
    public void Rules_that_the_kernel_refuses_are_a_problem() =>
        Single(FirewallCheck.Judge(new FirewallFacts("operation not permitted", [], [], Now), Options), FindingLevel.Problem, "operation not permitted");

    [Theory]
    [InlineData("inet", "firewalld", "filter_INPUT", "firewall-cmd")]
    [InlineData("ip", "filter", "INPUT", "ufw allow")]
    [InlineData("inet", "mine", "input", "nft insert rule inet mine input")]
    public void A_firewall_of_the_host_that_drops_calls_is_a_problem_with_the_command_that_lets_them_in(string family, string table, string chain, string command)
    {
        var facts = new FirewallFacts(null, [], [new HostFilter(family, table, chain, KnowsPorts: false)], Now);

        var finding = Single(FirewallCheck.Judge(facts, Options), FindingLevel.Problem, "15001");

        finding.Remedy!.ShouldContain(command);
        Single(FirewallCheck.Judge(facts with { Filters = [facts.Filters[0] with { KnowsPorts = true }] }, Options), FindingLevel.Ok, "in force");
    }

    [Fact]
    public void A_peer_that_answers_everywhere_is_well() => Single(PeerCheck.Judge(Seen()), FindingLevel.Ok, "192.0.2.2:4054");

    [Fact]
    public void A_peer_that_answers_nowhere_is_a_problem() =>
        Single(PeerCheck.Judge(Seen(SocketError.TimedOut, SocketError.TimedOut, SocketError.HostUnreachable)), FindingLevel.Problem, "does not answer at all");

    [Fact]
    public void A_port_that_alone_is_silent_is_filtered() =>
        Single(PeerCheck.Judge(Seen(tunnel: SocketError.TimedOut)), FindingLevel.Problem, "4054").Remedy!.ShouldContain("let this host in at TCP 4054");

    [Fact]
    public void A_port_that_refuses_has_no_node_behind_it() =>
        Single(PeerCheck.Judge(Seen(tunnel: SocketError.ConnectionRefused)), FindingLevel.Problem, "nothing listens at 192.0.2.2:4054");

    [Fact]
    public void A_peer_that_connects_and_stays_silent_may_lose_large_packets() =>
        Single(PeerCheck.Judge(Seen() with { Failure = "no answer in time" }), FindingLevel.Problem, "no answer in time").Remedy!.ShouldContain("MTU");

    [Theory]
    [InlineData(2, FindingLevel.Ok)]
    [InlineData(-30, FindingLevel.Warning)]
    [InlineData(1200, FindingLevel.Problem)]
    public void Clocks_that_differ_are_said_before_certificates_are_refused(int seconds, FindingLevel level) =>
        PeerCheck.Judge(Seen() with { ClockAhead = TimeSpan.FromSeconds(seconds) }).ShouldHaveSingleItem().Level.ShouldBe(level);

    [Fact]
    public void A_tunnel_that_is_not_up_says_why()
    {
        var link = new TunnelView(Peer.Runner, Tunnel, TunnelState.BackingOff, 0, 0, 0, 0, null, "its certificate has ended");

        Single(PeerCheck.Judge(Seen() with { Place = Peer with { Link = link } }), FindingLevel.Problem, "its certificate has ended");
    }

    [Fact]
    public async Task A_check_that_fails_is_a_finding_and_keeps_no_other_from_its_own()
    {
        var found = await new Doctor([new Broken(), new Broken()]).ExamineAsync([], CancellationToken.None);

        found.Select(finding => (finding.Check, finding.Level)).ShouldBe([("broken", FindingLevel.Problem), ("broken", FindingLevel.Problem)]);
        found[0].Message.ShouldContain("out of order");
    }

    private static PeerFacts Seen(SocketError? cluster = null, SocketError? tunnel = null, SocketError? management = null) => new(
        Peer,
        [Port("cluster", Peer.Cluster!, cluster), Port("tunnel", Peer.Tunnel, tunnel), Port("management", Peer.Management, management)],
        null,
        TimeSpan.Zero,
        TimeSpan.FromMinutes(15));

    private static PortFacts Port(string what, NodeEndpoint where, SocketError? problem) => new(what, where, problem, TimeSpan.FromMilliseconds(1));

    private static Finding Single(ImmutableArray<Finding> found, FindingLevel level, string words)
    {
        var finding = found.ShouldHaveSingleItem();
        finding.Level.ShouldBe(level);
        finding.Message.ShouldContain(words);
        (finding.Remedy is null).ShouldBe(level == FindingLevel.Ok, "whatever is not well has a next step");
        return finding;
    }

    private sealed class Broken : ICheck
    {
        public string Name => "broken";

        public Task<ImmutableArray<Finding>> LookAsync(CancellationToken cancellationToken) => throw new IOException("out of order");
    }
}
