using System.ComponentModel;

namespace Warp.Node.Interception.Netlink;

/// <summary>The errors of the kernel that mean something here; errno(3).</summary>
internal static class Errno
{
    /// <summary>EPERM.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOENT: no such table or set.</summary>
    public const int NoEntry = 2;

    /// <summary>ESRCH: no such route.</summary>
    public const int NoSuchProcess = 3;

    /// <summary>EBUSY: somebody else has it.</summary>
    public const int Busy = 16;

    /// <summary>EINVAL: also what netfilter says of a part that the kernel does not have.</summary>
    public const int Invalid = 22;

    /// <summary>The system's words, with the next step when the right is missing.</summary>
    public static string Explain(int errno) =>
        errno == NotPermitted ? "operation not permitted; run the node as root, or give it CAP_NET_ADMIN" : new Win32Exception(errno).Message;
}
