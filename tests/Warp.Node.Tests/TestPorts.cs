using System.Net;
using System.Net.Sockets;

namespace Warp.Node.Tests;

/// <summary>
/// Ports for what a test starts and stops again. They lie below the range from which the kernel takes the ports of outgoing connections
/// (<c>net.ipv4.ip_local_port_range</c>), so that none of those can take one between the choice and its use, and no other test of the process is given the same.
/// </summary>
internal static class TestPorts
{
    private const int First = 10_000;
    private const int Count = 22_000;

    // Two processes that test at the same time begin at different places.
    private static int s_last = Environment.ProcessId * 997 % Count;

    /// <summary>A port that nobody has, by TCP and by UDP.</summary>
    internal static int Next()
    {
        while (true)
        {
            var port = First + ((int)((uint)Interlocked.Increment(ref s_last) % Count));
            if (IsFree(port, SocketType.Stream, ProtocolType.Tcp) && IsFree(port, SocketType.Dgram, ProtocolType.Udp))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
