using System.Net.Sockets;

namespace Warp.Node.Relay.Native;

/// <summary>Two connected sockets inside this process (man 2 socketpair): one for a loop, one for the framework.</summary>
internal static unsafe class SocketPair
{
    /// <summary>Makes a pair; null with the fault when the process is out of descriptors or memory.</summary>
    internal static (Descriptor Loop, Socket Framework)? Open(out SocketFault fault)
    {
        int* descriptors = stackalloc int[2];
        if (Libc.SocketPair(Libc.FamilyUnix, Libc.StreamType | Libc.CloseOnExec, 0, descriptors) != 0)
        {
            fault = TcpSocket.LastFault();
            return null;
        }

        // Only the loop's end: the framework makes its own non-blocking when it needs that, and has to know it.
        fault = SocketFault.None;
        _ = Libc.Control(descriptors[0], Libc.SetFlags, Libc.NonBlocking);
        return (new Descriptor(descriptors[0]), new Socket(new SafeSocketHandle(descriptors[1], ownsHandle: true)));
    }
}
