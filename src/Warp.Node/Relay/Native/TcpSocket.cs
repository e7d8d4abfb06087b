using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Warp.Cluster.Identity;

namespace Warp.Node.Relay.Native;

/// <summary>Non-blocking TCP calls with named outcomes (man 7 tcp, man 7 ip).</summary>
internal static unsafe class TcpSocket
{
    private const int LevelSocket = 1;
    private const int LevelIp = 0;
    private const int LevelTcp = 6;
    private const int OptionError = 4;
    private const int OptionReuseAddress = 2;
    private const int OptionKeepAlive = 9;
    private const int OptionLinger = 13;
    private const int OptionNoDelay = 1;
    private const int OptionKeepIdle = 4;
    private const int OptionKeepInterval = 5;
    private const int OptionKeepCount = 6;
    private const int OptionUserTimeout = 18;
    private const int OptionBindAddressNoPort = 24;
    private const int OptionOriginalDestination = 80;
    private const int ShutdownWrite = 1;
    private const int PeekWithoutWaiting = 0x2 | 0x40;
    private const int MaxAddress = 128;

    /// <summary>Makes a non-blocking socket without Nagle's delay.</summary>
    internal static Descriptor? Open(AddressFamily family, out SocketFault fault)
    {
        var family32 = family == AddressFamily.InterNetworkV6 ? 10 : Libc.FamilyInet;
        var socket = Libc.Socket(family32, Libc.StreamType | Libc.NonBlocking | Libc.CloseOnExec, 0);
        fault = socket >= 0 ? SocketFault.None : LastFault();
        if (socket < 0)
        {
            return null;
        }

        Set(socket, LevelTcp, OptionNoDelay, 1);
        return new Descriptor(socket);
    }

    /// <summary>Listens; accepted sockets inherit the options.</summary>
    internal static Descriptor? Listen(IPEndPoint endpoint, int backlog, out SocketFault fault)
    {
        var socket = Open(endpoint.AddressFamily, out fault);
        if (socket is null)
        {
            return null;
        }

        Set(socket.Number, LevelSocket, OptionReuseAddress, 1);
        var address = endpoint.Serialize();
        fixed (byte* pointer = address.Buffer.Span)
        {
            if (Libc.Bind(socket.Number, pointer, address.Size) == 0 && Libc.Listen(socket.Number, backlog) == 0)
            {
                return socket;
            }
        }

        fault = LastFault();
        socket.Dispose();
        return null;
    }

    /// <summary>Takes one waiting connection; -1 with the fault when there is none.</summary>
    internal static int Accept(int listener, out Ipv4Address peer, out int peerPort, out SocketFault fault)
    {
        byte* address = stackalloc byte[MaxAddress];
        while (true)
        {
            var length = MaxAddress;
            var socket = Libc.Accept(listener, address, &length, Libc.NonBlocking | Libc.CloseOnExec);
            if (socket >= 0)
            {
                (peer, peerPort) = ReadAddress(address);
                fault = SocketFault.None;
                return socket;
            }

            var errno = Marshal.GetLastPInvokeError();
            if (errno == SocketFaults.Interrupted)
            {
                continue;
            }

            (peer, peerPort, fault) = (default, 0, SocketFaults.From(errno));
            return -1;
        }
    }

    /// <summary>Begins to connect.</summary>
    /// <returns><see cref="SocketFault.None"/> when connected at once, <see cref="SocketFault.InProgress"/> when it goes on.</returns>
    internal static SocketFault Connect(int socket, SocketAddress address)
    {
        fixed (byte* pointer = address.Buffer.Span)
        {
            return Libc.Connect(socket, pointer, address.Size) == 0 ? SocketFault.None : LastFault();
        }
    }

    /// <summary>Begins to connect to an IPv4 address.</summary>
    internal static SocketFault Connect(int socket, Ipv4Address address, int port)
    {
        byte* target = stackalloc byte[16];
        WriteAddress(target, address, port);
        return Libc.Connect(socket, target, 16) == 0 ? SocketFault.None : LastFault();
    }

    /// <summary>Sets the source address; the port is chosen at connect, when the whole 4-tuple is known.</summary>
    internal static SocketFault BindSource(int socket, Ipv4Address source)
    {
        Set(socket, LevelIp, OptionBindAddressNoPort, 1);
        byte* address = stackalloc byte[16];
        WriteAddress(address, source, 0);
        return Libc.Bind(socket, address, 16) == 0 ? SocketFault.None : LastFault();
    }

    /// <summary>Reads; 0 is the peer's end of stream, -1 comes with the fault.</summary>
    internal static int Receive(int socket, byte* target, int length, out SocketFault fault)
    {
        nint count;
        while ((count = Libc.Receive(socket, target, length, 0)) < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno != SocketFaults.Interrupted)
            {
                fault = SocketFaults.From(errno);
                return -1;
            }
        }

        fault = SocketFault.None;
        return (int)count;
    }

    /// <summary>Writes what fits; -1 comes with the fault.</summary>
    internal static int Send(int socket, byte* source, int length, out SocketFault fault)
    {
        nint count;
        while ((count = Libc.Send(socket, source, length, Libc.NoSignal)) < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno != SocketFaults.Interrupted)
            {
                fault = SocketFaults.From(errno);
                return -1;
            }
        }

        fault = SocketFault.None;
        return (int)count;
    }

    /// <summary>
    /// Whether nobody waits at the other end any more: the connection was reset, or ended before a byte was sent. Bytes that wait hide a later end;
    /// an end behind bytes may be a request that is complete.
    /// </summary>
    internal static bool IsAbandoned(int socket)
    {
        const short peerClosed = 0x2000;
        const short gone = 0x8 | 0x10;

        // struct pollfd (man 2 poll): descriptor, asked events, returned events.
        byte* entry = stackalloc byte[8];
        (*(int*)entry, *(short*)(entry + 4), *(short*)(entry + 6)) = (socket, peerClosed, 0);
        if (Libc.Poll(entry, 1, 0) <= 0)
        {
            return false;
        }

        byte first;
        return (*(short*)(entry + 6) & gone) != 0 || Libc.Receive(socket, &first, 1, PeekWithoutWaiting) == 0;
    }

    /// <summary>Ends our direction: the peer reads an end of stream after the data.</summary>
    internal static void ShutdownSend(int socket) => _ = Libc.Shutdown(socket, ShutdownWrite);

    /// <summary>Whether the close is a reset (SO_LINGER with 0 seconds), also the one that the kernel makes for a process that ends.</summary>
    internal static void ResetOnClose(int socket, bool isOn = true)
    {
        int* linger = stackalloc int[2];
        (linger[0], linger[1]) = (isOn ? 1 : 0, 0);
        _ = Libc.SetOption(socket, LevelSocket, OptionLinger, (byte*)linger, 2 * sizeof(int));
    }

    /// <summary>The error that waits at the socket; reading clears it.</summary>
    internal static SocketFault PendingError(int socket)
    {
        int error;
        var length = sizeof(int);
        return Libc.GetOption(socket, LevelSocket, OptionError, (byte*)&error, &length) == 0 ? SocketFaults.From(error) : LastFault();
    }

    /// <summary>Keepalive: first probe after <paramref name="idleSeconds"/>, then every <paramref name="intervalSeconds"/>, dead after <paramref name="probes"/>.</summary>
    internal static void KeepAlive(int socket, int idleSeconds, int intervalSeconds, int probes)
    {
        Set(socket, LevelSocket, OptionKeepAlive, 1);
        Set(socket, LevelTcp, OptionKeepIdle, idleSeconds);
        Set(socket, LevelTcp, OptionKeepInterval, intervalSeconds);
        Set(socket, LevelTcp, OptionKeepCount, probes);
    }

    /// <summary>How long sent data may stay unacknowledged (RFC 5482).</summary>
    internal static void UserTimeout(int socket, int milliseconds) => Set(socket, LevelTcp, OptionUserTimeout, milliseconds);

    /// <summary>Where an intercepted connection really wanted to go (linux/netfilter_ipv4.h).</summary>
    internal static bool TryOriginalDestination(int socket, out Ipv4Address address, out int port)
    {
        byte* buffer = stackalloc byte[16];
        var length = 16;
        var ok = Libc.GetOption(socket, LevelIp, OptionOriginalDestination, buffer, &length) == 0;
        (address, port) = ok ? ReadAddress(buffer) : default;
        return ok;
    }

    /// <summary>The local address of a socket.</summary>
    internal static (Ipv4Address Address, int Port) LocalEndpoint(int socket)
    {
        byte* buffer = stackalloc byte[MaxAddress];
        var length = MaxAddress;
        return Libc.LocalName(socket, buffer, &length) == 0 ? ReadAddress(buffer) : default;
    }

    /// <summary>What the last failed call of this thread means.</summary>
    internal static SocketFault LastFault() => SocketFaults.From(Marshal.GetLastPInvokeError());

    private static void Set(int socket, int level, int option, int value) => _ = Libc.SetOption(socket, level, option, (byte*)&value, sizeof(int));

    // struct sockaddr_in: family, port and address in network byte order. The port stands at the same place in sockaddr_in6.
    private static (Ipv4Address Address, int Port) ReadAddress(byte* buffer)
    {
        var port = (buffer[2] << 8) | buffer[3];
        return *(ushort*)buffer == Libc.FamilyInet
            ? (new Ipv4Address(((uint)buffer[4] << 24) | ((uint)buffer[5] << 16) | ((uint)buffer[6] << 8) | buffer[7]), port)
            : (default, port);
    }

    private static void WriteAddress(byte* buffer, Ipv4Address address, int port)
    {
        new Span<byte>(buffer, 16).Clear();
        *(ushort*)buffer = Libc.FamilyInet;
        (buffer[2], buffer[3]) = ((byte)(port >> 8), (byte)port);
        (buffer[4], buffer[5], buffer[6], buffer[7]) = ((byte)(address.Bits >> 24), (byte)(address.Bits >> 16), (byte)(address.Bits >> 8), (byte)address.Bits);
    }
}
