using System.Net;
using System.Net.Sockets;
using Shouldly;
using Warp.Node.Diagnosis.Paths;
using Xunit;

namespace Warp.Node.Tests.Diagnosis.Paths;

/// <summary>Where a process's network is listened at, read from the kernel.</summary>
public sealed class ListeningSocketTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    public void A_listener_is_found_with_its_address(string address)
    {
        using var listener = new Socket(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        listener.Listen();

        ListeningSockets.Of(Environment.ProcessId).ShouldContain((IPEndPoint)listener.LocalEndPoint!);
    }

    [Fact]
    public void A_listener_at_both_protocols_is_found_as_one_at_every_address()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen();

        ListeningSockets.Of(Environment.ProcessId).ShouldContain((IPEndPoint)listener.LocalEndPoint!);
    }

    [Fact]
    public void An_established_connection_is_none() =>
        ListeningSockets.Parse("   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 1 1").ShouldBeEmpty();

    [Fact]
    public void An_IPv4_address_within_IPv6_is_said_as_IPv4() =>
        ListeningSockets.Parse("   0: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 0").ShouldHaveSingleItem().ToString().ShouldBe("127.0.0.1:8080");
}
