using Shouldly;
using Warp.Node.Interception;
using Warp.Node.Interception.Native;
using Warp.Node.Tests.Interception.Bed;
using Xunit;
using static Warp.Node.Tests.Interception.Bed.RunnerBed;

namespace Warp.Node.Tests.Interception;

public sealed class NftRuleSetTests
{
    [Fact]
    public async Task Rules_that_stand_are_left_alone_also_when_others_change_theirs()
    {
        using var bed = new RunnerBed();
        await NothingToRepairAsync(bed);

        bed.Host.Nft("table ip others { chain c { type filter hook input priority 0; }; }");
        await NothingToRepairAsync(bed);
        bed.Apply(Shop);
        await NothingToRepairAsync(bed);
    }

    [Theory]
    [InlineData("flush ruleset", "was gone (flush ruleset?)")]
    [InlineData("delete table inet warp", "was gone")]
    [InlineData("flush table inet warp", "chains or rules of the nftables table 'inet warp' were changed")]
    [InlineData("insert rule inet warp to_range accept", "chains or rules of the nftables table 'inet warp' were changed")]
    [InlineData("add chain inet warp guard_host { policy drop; }", "chains or rules of the nftables table 'inet warp' were changed")]
    [InlineData("flush set inet warp callers", "the set 'callers' of the nftables table 'inet warp' lacked 3 elements and had 0 foreign ones")]
    [InlineData("add element inet warp local_targets { \"warp-t2\" . 10.201.0.2 : 10.208.1.3 }", "the map 'local_targets' of the nftables table 'inet warp' lacked 0 elements and had 1 foreign ones")]
    public async Task What_somebody_changed_is_restored_and_named(string damage, string words)
    {
        using var bed = new RunnerBed();
        bed.Serve(bed.Db, "db", Port);
        bed.Host.Nft(damage);

        var outcome = await bed.Rules.VerifyAsync(CancellationToken.None);

        outcome.Failure.ShouldBeNull();
        outcome.Repaired.ShouldNotBeNull().ShouldContain(words);
        await NothingToRepairAsync(bed);
        (await Dial.TcpAsync(bed.App, DbIst, Port)).Greeting!.Caller.ShouldBe(AppIst);
    }

    [Fact]
    public async Task The_local_route_and_forwarding_are_restored_too()
    {
        using var bed = new RunnerBed();
        bed.Host.Ip("route delete local 10.201.0.0/16 dev lo");
        bed.Host.Sysctl("net.ipv4.ip_forward", "0");

        (await bed.Rules.VerifyAsync(CancellationToken.None)).Repaired.ShouldBe("the route 'local 10.201.0.0/16 dev lo' was gone; IPv4 forwarding (net.ipv4.ip_forward) was off");
        await NothingToRepairAsync(bed);
    }

    [Fact]
    public async Task A_change_that_the_kernel_does_not_take_leads_to_the_whole_table()
    {
        using var bed = new RunnerBed();
        bed.Serve(bed.Db, "db", Port);
        bed.Host.Nft("delete table inet warp");

        var outcome = await bed.Rules.ApplyAsync(Routes.Of(Shop), CancellationToken.None);

        outcome.Failure.ShouldBeNull();
        outcome.Repaired.ShouldNotBeNull().ShouldContain("written anew");
        (await Dial.TcpAsync(bed.App, DbIst, Port)).Reached.ShouldBe(Reached.Answered);
    }

    [Fact]
    public async Task A_change_does_not_hide_what_somebody_damaged_before_it()
    {
        using var bed = new RunnerBed();
        bed.Host.Nft("flush map inet warp caller_addresses");
        bed.Host.Nft("add element inet warp caller_addresses { 10.208.2.2 : 10.201.0.1 }");
        bed.Apply(Shop);

        (await bed.Rules.VerifyAsync(CancellationToken.None)).Repaired.ShouldNotBeNull().ShouldContain("caller_addresses");
    }

    [Fact]
    public async Task A_deployment_that_is_gone_has_no_ways_any_more()
    {
        using var bed = new RunnerBed();
        bed.Serve(bed.Db, "db", Port);
        bed.Apply(Blog);

        (await Dial.TcpAsync(bed.App, DbIst, Port)).Reached.ShouldBe(Reached.Refused);
        await NothingToRepairAsync(bed);
    }

    [Fact]
    public async Task Removing_leaves_nothing()
    {
        using var bed = new RunnerBed();

        (await bed.Rules.RemoveAsync(CancellationToken.None)).Failure.ShouldBeNull();

        bed.Host.Nft("list ruleset").ShouldBeEmpty();
        Command.Run("ip", ["-n", bed.Host.Name, "route", "show", "table", "local", "10.201.0.0/16"]).ShouldBeEmpty();
        (await bed.Rules.RemoveAsync(CancellationToken.None)).Failure.ShouldBeNull();
        await NothingToRepairAsync(bed);
    }

    [Fact]
    public async Task A_bridge_that_cannot_be_ours_is_named_and_what_stands_goes_on()
    {
        using var bed = new RunnerBed();

        var outcome = await bed.Rules.ApplyAsync(Routes.Of(Routes.Deployment("bad", "a\"; flush", "10.208.3.0/24")), CancellationToken.None);

        outcome.Failure.ShouldNotBeNull().ShouldContain("cannot be the interface name of a bridge");
        await NothingToRepairAsync(bed);
    }

    [Fact]
    public void A_refusal_of_the_kernel_carries_its_words_and_a_next_step()
    {
        using var host = new NetworkNamespace();

        var refusal = Should.Throw<InterceptionException>(() => host.Run(() =>
        {
            NftScript.Run("add element inet nowhere callers { 1.2.3.4 }");
            return 0;
        }));

        refusal.Message.ShouldStartWith("nftables refused the rules: ");
        refusal.Message.ShouldContain("No such file or directory; something it needs is missing");
    }

    [Fact]
    public void A_process_with_thousands_of_connections_can_still_change_its_rules()
    {
        using var bed = new RunnerBed();
        var open = Enumerable.Range(0, 2_000).Select(_ => File.OpenHandle("/dev/null")).ToList();

        bed.Apply(Blog);
        bed.Apply(Blog, Shop);

        open.ForEach(file => file.Dispose());
    }

    private static async Task NothingToRepairAsync(RunnerBed bed)
    {
        var outcome = await bed.Rules.VerifyAsync(CancellationToken.None);
        outcome.Failure.ShouldBeNull();
        outcome.Repaired.ShouldBeNull();
    }
}
