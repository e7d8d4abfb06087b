using CsCheck;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Interception.Queue;
using Warp.Node.Relay.Entry;
using Xunit;

namespace Warp.Node.Tests.Interception.Queue;

public sealed class SynPacketTests
{
    private const byte Syn = 0x02;
    private const byte Ack = 0x10;

    [Fact]
    public void The_first_packet_of_a_connection_tells_both_ends_and_the_sequence_number()
    {
        SynPacket.TryRead(Packet(), out var call, out var sequence).ShouldBeTrue();

        call.ShouldBe(new EntryCall(Ipv4Address.Parse("10.208.1.2"), 40_000, Ipv4Address.Parse("10.201.0.3"), 3211));
        sequence.ShouldBe(0xdeadbeefu);
    }

    [Fact]
    public void Options_of_either_header_do_not_move_what_is_read()
    {
        SynPacket.TryRead(Packet(ipOptions: 40), out var call, out var sequence).ShouldBeTrue();

        (call.CallerPort, call.Port, sequence).ShouldBe((40_000, 3211, 0xdeadbeefu));
    }

    [Fact]
    public void Congestion_notification_in_a_first_packet_is_no_other_packet() =>
        SynPacket.TryRead(Packet(flags: Syn | 0xc0), out _, out _).ShouldBeTrue();

    [Theory]
    [InlineData(Syn | Ack)]
    [InlineData(Ack)]
    [InlineData(Syn | 0x04)]
    [InlineData(Syn | 0x01)]
    [InlineData(0)]
    public void Any_other_packet_is_none(byte flags) => SynPacket.TryRead(Packet(flags), out _, out _).ShouldBeFalse();

    [Fact]
    public void What_is_no_tcp_over_ipv4_is_none()
    {
        var (udp, six, shortHeader) = (Packet(), Packet(), Packet());
        udp[9] = 17;
        six[0] = 0x65;
        shortHeader[0] = 0x44;

        new[] { udp, six, shortHeader }.ShouldAllBe(packet => !IsRead(packet));
    }

    [Fact]
    public void A_packet_that_is_cut_off_is_none() =>
        Enumerable.Range(0, 33).ShouldAllBe(length => !IsRead(Packet().Take(length).ToArray()));

    [Fact]
    public void Whatever_the_bytes_are_reading_them_has_an_end() =>
        Gen.Byte.Array[0, 100].Sample(bytes => SynPacket.TryRead(bytes, out _, out _) || true);

    private static bool IsRead(byte[] packet) => SynPacket.TryRead(packet, out _, out _);

    private static byte[] Packet(byte flags = Syn, int ipOptions = 0)
    {
        var ip = 20 + ipOptions;
        var packet = new byte[ip + 20];
        packet[0] = (byte)(0x40 | (ip / 4));
        packet[9] = 6;
        byte[] addresses = [10, 208, 1, 2, 10, 201, 0, 3];
        addresses.CopyTo(packet, 12);
        byte[] tcp = [40_000 >> 8, 40_000 & 0xff, 3211 >> 8, 3211 & 0xff, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 0, 0x50, flags];
        tcp.CopyTo(packet, ip);
        return packet;
    }
}
