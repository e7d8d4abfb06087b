using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Warp.Node.Interception.Native;

namespace Warp.Node.Interception.Netlink;

/// <summary>
/// A netlink socket in the network namespace of the thread that opens it (netlink(7)). The data plane is looked at every few seconds: asking the kernel directly
/// costs microseconds and gives typed errors, where a program such as <c>ip</c> costs a process and gives text.
/// </summary>
internal sealed class NetlinkSocket : IDisposable
{
    private const int NetlinkFamily = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int HeaderSize = 16;
    private const int ErrorType = 2;
    private const int DoneType = 3;
    private const int MultiPart = 0x2;
    private const int Interrupted = 0x10;
    private const int Attempts = 10;
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private uint _sequence;
    private bool _interrupted;

    private NetlinkSocket(Socket socket) => _socket = socket;

    /// <summary>Opens a socket to the kernel's routing tables.</summary>
    public static NetlinkSocket OpenRoute() => Open(protocol: 0);

    /// <summary>Opens a socket to netfilter.</summary>
    public static NetlinkSocket OpenNetfilter() => Open(protocol: 12);

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <exception cref="InterceptionException">The answer did not come, or the kernel's state changed under each attempt to list it.</exception>
    public NetlinkAnswer Ask(NetlinkRequest request)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (TryAsk(request) is { } answer)
            {
                return answer;
            }
        }

        throw new InterceptionException("the kernel's network state changes faster than it can be listed; this is tried again");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static NetlinkSocket Open(int protocol)
    {
        var descriptor = Libc.OpenSocket(NetlinkFamily, RawCloseOnExec, protocol);
        return descriptor >= 0
            ? new NetlinkSocket(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)) { ReceiveTimeout = 5000 })
            : throw new InterceptionException($"no netlink socket: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    /// <summary>Null when the listing was interrupted by a change (NLM_F_DUMP_INTR) and has to begin anew.</summary>
    private NetlinkAnswer? TryAsk(NetlinkRequest request)
    {
        try
        {
            _socket.Send(request.ToBytes(++_sequence));
            var messages = new List<byte[]>();
            _interrupted = false;
            while (true)
            {
                var datagram = _buffer.AsSpan(0, _socket.Receive(_buffer));
                if (Read(datagram, messages) is { } errno)
                {
                    return _interrupted ? null : new NetlinkAnswer(errno, messages);
                }
            }
        }
        catch (SocketException exception)
        {
            throw new InterceptionException($"the kernel did not answer over netlink: {exception.Message}", exception);
        }
    }

    /// <summary>Takes the messages of one datagram; null while more datagrams follow.</summary>
    private int? Read(ReadOnlySpan<byte> datagram, List<byte[]> messages)
    {
        while (datagram.Length >= HeaderSize)
        {
            var length = MemoryMarshal.Read<int>(datagram);
            var type = MemoryMarshal.Read<ushort>(datagram[4..]);
            var flags = MemoryMarshal.Read<ushort>(datagram[6..]);
            var ours = MemoryMarshal.Read<uint>(datagram[8..]) == _sequence;
            var message = datagram[HeaderSize..length];
            datagram = datagram[Math.Min((length + 3) & ~3, datagram.Length)..];
            _interrupted |= ours && (flags & Interrupted) != 0;
            if (ours && (type is ErrorType or DoneType))
            {
                return -MemoryMarshal.Read<int>(message);
            }

            if (ours)
            {
                messages.Add(message.ToArray());
                if ((flags & MultiPart) == 0)
                {
                    return 0;
                }
            }
        }

        return null;
    }
}

/// <summary>The kernel's answer.</summary>
/// <param name="Errno">0, or why the kernel refused.</param>
/// <param name="Messages">Each message after its netlink header; empty when refused.</param>
internal sealed record NetlinkAnswer(int Errno, IReadOnlyList<byte[]> Messages);
