using CsCheck;
using Shouldly;
using Warp.Node.Interception.Queue;
using Xunit;

namespace Warp.Node.Tests.Interception.Queue;

public sealed class QueueMessagesTests
{
    [Fact]
    public void A_packet_tells_its_number_and_its_beginning()
    {
        // As the kernel sends it: message header, family header, the packet's header, a device, the payload.
        byte[] datagram =
        [
            52, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            2, 0, 0x3a, 0x99,
            11, 0, 1, 0, 0, 0, 1, 2, 8, 0, 0, 0,
            8, 0, 5, 0, 0, 0, 0, 7,
            7, 0, 10, 0, 0x45, 1, 2, 0,
        ];

        QueueMessages.TryReadPacket(datagram, out var number, out var content).ShouldBeTrue();
        number.ShouldBe(0x102u);
        content.ToArray().ShouldBe([0x45, 1, 2]);
    }

    [Fact]
    public void An_answer_of_the_kernel_is_no_packet()
    {
        byte[] late = [36, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 32, 0, 0, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        QueueMessages.TryReadPacket(late, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Whatever_the_bytes_are_reading_them_has_an_end() =>
        Gen.Byte.Array[0, 100].Sample(bytes => QueueMessages.TryReadPacket(bytes, out _, out _) || true);

    [Fact]
    public void A_verdict_names_queue_packet_and_mark()
    {
        var message = new byte[QueueMessages.VerdictSize];

        QueueMessages.WriteVerdict(15001, 7, mark: null, message).ShouldBe(32);
        message[..32].ShouldBe([32, 0, 0, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3a, 0x99, 12, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 7]);

        QueueMessages.WriteVerdict(15001, 7, mark: 0x01020304, message).ShouldBe(40);
        message[20..].ShouldBe([12, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 7, 8, 0, 3, 0, 1, 2, 3, 4]);

        // Without a mark the packet goes on with the one that it has.
        QueueMessages.WriteVerdict(15001, 7, mark: 0, message).ShouldBe(32);
    }
}
