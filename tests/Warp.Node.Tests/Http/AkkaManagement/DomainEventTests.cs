using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Akka.Actor;
using Akka.Cluster;
using Akka.Util;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Warp.Node.Http.AkkaManagement;
using Xunit;
using static Akka.Cluster.ClusterEvent;

namespace Warp.Node.Tests.Http.AkkaManagement;

/// <summary>The stream of cluster events: each event against its golden file, the filter, and the stream of a real cluster.</summary>
public sealed class DomainEventTests
{
    public static TheoryData<string> Types => [.. Samples().Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void An_event_is_written_as_its_golden_file(string type)
    {
        var body = new ArrayBufferWriter<byte>();

        DomainEventText.Write(body, Samples()[type]);

        Encoding.UTF8.GetString(body.WrittenSpan).ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Http", "AkkaManagement", "Golden", $"{type}.txt")));
    }

    [Theory]
    [InlineData("", "MemberUp", true)]
    [InlineData("MemberUp", "MemberUp", true)]
    [InlineData("MemberUp", "MemberLeft", false)]
    [InlineData("MemberEvent", "MemberLeft", true)]
    [InlineData("MemberEvent", "LeaderChanged", false)]
    [InlineData("ReachabilityEvent", "UnreachableMember", true)]
    [InlineData("ClusterDomainEvent", "ClusterShuttingDown", true)]
    [InlineData("MemberUp,LeaderChanged", "LeaderChanged", true)]
    [InlineData("Nonsense,MemberUp", "MemberUp", true)]
    [InlineData("Nonsense", "MemberUp", false)]
    public void A_reader_gets_the_types_and_groups_that_it_names(string wanted, string type, bool isLet) =>
        new DomainEventFilter(wanted.Length == 0 ? StringValues.Empty : new StringValues(wanted.Split(','))).Lets(Samples()[type]).ShouldBe(isLet);

    [Fact]
    public async Task The_stream_begins_with_the_present_state_and_goes_on_with_what_happens()
    {
        await using var bed = await ClusterBed.StartAsync();
        var self = await bed.JoinAsync();
        using var reader = new StreamReader(await bed.Client.GetStreamAsync("/cluster/domain-events"));

        var up = await UntilAsync(reader, "event:MemberUp");
        up.ShouldBe(string.Create(CultureInfo.InvariantCulture, $$$"""data:{"member":{"dataCenter":"default","roles":["control","runner"],"status":"Up","uniqueAddress":{"address":"{{{self.Address}}}","longUid":{{{self.UniqueAddress.Uid}}}}},"type":"MemberUp"}"""));

        bed.Cluster.Leave(self.Address);
        await UntilAsync(reader, "event:MemberLeft");
        await UntilAsync(reader, "event:MemberExited");
    }

    [Fact]
    public async Task A_stream_of_chosen_types_brings_no_others()
    {
        await using var bed = await ClusterBed.StartAsync();
        var self = await bed.JoinAsync();
        using var reader = new StreamReader(await bed.Client.GetStreamAsync("/cluster/domain-events?type=MemberLeft&type=Nonsense"));

        bed.Cluster.Leave(self.Address);

        (await ReadAsync(reader)).ShouldContain("\"type\":\"MemberLeft\"");
        (await ReadAsync(reader)).ShouldBe("event:MemberLeft");
    }

    private static async Task<string> UntilAsync(StreamReader reader, string line)
    {
        for (var before = ""; ;)
        {
            var read = await ReadAsync(reader);
            if (string.Equals(read, line, StringComparison.Ordinal))
            {
                return before;
            }

            before = read;
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader) =>
        await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? throw new InvalidOperationException("the stream has ended");

    private static ImmutableDictionary<string, IClusterDomainEvent> Samples()
    {
        var address = Address.Parse("akka.ssl.tcp://warp@192.0.2.11:4053");
        IClusterDomainEvent[] all =
        [
            new MemberJoined(In(MemberStatus.Joining)), new MemberWeaklyUp(In(MemberStatus.WeaklyUp)), new MemberUp(In(MemberStatus.Up)), new MemberLeft(In(MemberStatus.Leaving)),
            new MemberExited(In(MemberStatus.Exiting)), new MemberDowned(In(MemberStatus.Down)), new MemberRemoved(In(MemberStatus.Removed), MemberStatus.Exiting),
            new LeaderChanged(address), new RoleLeaderChanged("control", address), ClusterShuttingDown.Instance, new UnreachableMember(In(MemberStatus.Up)), new ReachableMember(In(MemberStatus.Up)),
        ];
        return all.ToImmutableDictionary(one => DomainEventText.TypeOf(one)!, StringComparer.Ordinal);
    }

    private static Member In(MemberStatus status) => CreateMember(
        null, new UniqueAddress(Address.Parse("akka.ssl.tcp://warp@192.0.2.12:4053"), 1116964444), 1, status, ["runner", "control"], AppVersion.Create("1.0.0"));

    // Akka makes members only by itself.
    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Create")]
    private static extern Member CreateMember(Member? type, UniqueAddress address, int upNumber, MemberStatus status, ImmutableHashSet<string> roles, AppVersion version);
}
