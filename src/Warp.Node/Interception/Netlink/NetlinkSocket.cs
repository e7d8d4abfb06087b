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
    private const int BatchBegin = 16;
    private const int BatchEnd = 17;

    // struct nfgenmsg: any family, version 0, and in network byte order the subsystem that the transaction is for.
    private static readonly byte[] NftablesBatch = [0, 0, 0, 10];
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
    public NetlinkAnswer Ask(NetlinkRequest request) => Ask(sequence => [request.ToBytes(sequence)]);

    /// <summary>Sends changes of nftables as one transaction (linux/netfilter/nfnetlink.h) and reads why the kernel refuses the last of them; the others are taken as it is.</summary>
    /// <param name="changes">In their order; the last one asks for an acknowledgement.</param>
    /// <param name="commit">False: only asks whether the kernel would take them, and changes nothing.</param>
    /// <exception cref="InterceptionException">The answer did not come.</exception>
    public NetlinkAnswer AskInTransaction(IReadOnlyList<NetlinkRequest> changes, bool commit) =>
        Ask(sequence =>
        {
            List<byte[]> messages = [new NetlinkRequest(BatchBegin, NetlinkFlags.None, NftablesBatch).ToBytes(sequence), .. changes.Select(change => change.ToBytes(sequence))];
            if (commit)
            {
                messages.Add(new NetlinkRequest(BatchEnd, NetlinkFlags.None, NftablesBatch).ToBytes(sequence));
            }

            return messages;
        });

    /// <summary>From now on the socket is read with <see cref="TryReceive"/>, by any thread, and is asked nothing.</summary>
    /// <param name="receiveBuffer">How much may wait in the kernel, in bytes, whatever net.core.rmem_max says; more is reported to the sender as lost, not here.</param>
    public void Listen(int receiveBuffer)
    {
        const int socketLevel = 1;
        const int forceReceiveBuffer = 33;
        const int netlinkLevel = 270;
        const int noBufferErrors = 5;
        _socket.SetRawSocketOption(socketLevel, forceReceiveBuffer, BitConverter.GetBytes(receiveBuffer));
        _socket.SetRawSocketOption(netlinkLevel, noBufferErrors, BitConverter.GetBytes(1));
        _socket.Blocking = false;
    }

    /// <summary>The socket's descriptor, to wait for something to receive; valid until Dispose.</summary>
    public int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    /// <summary>Takes one datagram; false when none waits.</summary>
    public bool TryReceive(Span<byte> buffer, out int length)
    {
        length = _socket.Receive(buffer, SocketFlags.None, out var error);
        return error == SocketError.Success;
    }

    /// <summary>Sends without waiting for an answer; callable from any thread.</summary>
    public void Post(ReadOnlySpan<byte> message) => _socket.Send(message, SocketFlags.None, out _);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private NetlinkAnswer Ask(Func<uint, IReadOnlyList<byte[]>> request)
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

    private static NetlinkSocket Open(int protocol)
    {
        var descriptor = Libc.OpenSocket(NetlinkFamily, RawCloseOnExec, protocol);
        return descriptor >= 0
            ? new NetlinkSocket(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)) { ReceiveTimeout = 5000 })
            : throw new InterceptionException($"no netlink socket: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    /// <summary>Null when the listing was interrupted by a change (NLM_F_DUMP_INTR) and has to begin anew.</summary>
    private NetlinkAnswer? TryAsk(Func<uint, IReadOnlyList<byte[]>> request)
    {
        try
        {
            _socket.Send([.. request(++_sequence).SelectMany(bytes => bytes)]);
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
