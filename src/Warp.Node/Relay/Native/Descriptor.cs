using Microsoft.Win32.SafeHandles;
using Warp.Cluster.Identity;
using Warp.Node.Limits;

namespace Warp.Node.Relay.Native;

/// <summary>Owns one file descriptor. Its number may be used directly by the one loop that owns the object; closing is only done through it.</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    private FairShares<Ipv4Address>? _shares;
    private Ipv4Address _owner;

    internal Descriptor(int number)
        : base(ownsHandle: true) => SetHandle(number);

    /// <summary>The descriptor's number; valid until disposed.</summary>
    internal int Number => (int)handle;

    /// <summary>Gives a place back when it is closed.</summary>
    /// <param name="shares">Where the place was taken.</param>
    /// <param name="owner">Who took it.</param>
    internal void OnClosed(FairShares<Ipv4Address> shares, Ipv4Address owner) => (_shares, _owner) = (shares, owner);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _shares?.Return(_owner);
        return Libc.Close((int)handle) == 0;
    }
}
