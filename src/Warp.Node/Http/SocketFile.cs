using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Warp.Node.Configuration;

namespace Warp.Node.Http;

/// <summary>The file of the Unix socket: claimed from a dead process, never from a living one, and closed to other users before anybody can connect.</summary>
internal static class SocketFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Sees to it that the path can be bound.</summary>
    /// <exception cref="OperatorException">The path is too long, or a living process listens there.</exception>
    public static void Claim(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > ManagementOptions.MaxSocketPathBytes)
        {
            throw new OperatorException(
                ExitCode.NotConfigured,
                $"The path of the management socket is longer than the {ManagementOptions.MaxSocketPathBytes} bytes that the kernel takes: {path}. Use a data folder with a shorter path.");
        }

        if (!File.Exists(path))
        {
            return;
        }

        if (SomebodyListens(path))
        {
            throw new OperatorException(ExitCode.Unavailable, $"Another node already runs with the management socket {path}. Stop it first, or use another data folder.");
        }

        File.Delete(path);
    }

    /// <summary>Removes the file; nothing happens when it is gone.</summary>
    public static void Remove(string path) => File.Delete(path);

    /// <summary>Binds as Kestrel does. A socket file gets its mode between bind and listen, when connecting is still refused by the kernel.</summary>
    public static Socket CreateListener(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is UnixDomainSocketEndPoint unix)
        {
            File.SetUnixFileMode(unix.ToString(), OwnerOnly);
        }

        return socket;
    }

    private static bool SomebodyListens(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
