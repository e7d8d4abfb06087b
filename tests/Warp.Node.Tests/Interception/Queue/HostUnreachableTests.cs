using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Interception.Queue;
using Warp.Node.Relay.Entry;
using Xunit;

namespace Warp.Node.Tests.Interception.Queue;

public sealed class HostUnreachableTests
{
    [Fact]
    public void The_message_carries_what_the_caller_knows_its_connection_by()
    {
        var call = new EntryCall(Ipv4Address.Parse("10.208.1.2"), 40_000, Ipv4Address.Parse("10.201.0.3"), 3211);

        var message = HostUnreachable.Message(new HeldSyn(1, 0xdeadbeef, call));

        message[..2].ShouldBe([3, 1]);
        message[8].ShouldBe((byte)0x45);
        message[20..28].ShouldBe([10, 208, 1, 2, 10, 201, 0, 3]);
        message[28..].ShouldBe([40_000 >> 8, 40_000 & 0xff, 3211 >> 8, 3211 & 0xff, 0xde, 0xad, 0xbe, 0xef]);
        HostUnreachable.Checksum(message).ShouldBe((ushort)0);
        HostUnreachable.Checksum(message.AsSpan(8, 20)).ShouldBe((ushort)0);
    }
}
