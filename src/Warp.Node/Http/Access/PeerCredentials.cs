using System.Net.Sockets;

namespace Warp.Node.Http.Access;

/// <summary>Who is at the other end of a Unix socket, as the kernel says (SO_PEERCRED, unix(7)).</summary>
internal static class PeerCredentials
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int Bytes = 12;
    private const int UserOffset = 4;

    /// <summary>The user's number.</summary>
    public static uint UserOf(Socket socket)
    {
        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }, in the machine's byte order.
        Span<byte> credentials = stackalloc byte[Bytes];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return BitConverter.ToUInt32(credentials[UserOffset..]);
    }
}
