using Microsoft.Win32.SafeHandles;

namespace Warp.Node.Relay.Native;

/// <summary>Owns one file descriptor. Its number may be used directly by the one loop that owns the object; closing is only done through it.</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    internal Descriptor(int number)
        : base(ownsHandle: true) => SetHandle(number);

    /// <summary>The descriptor's number; valid until disposed.</summary>
    internal int Number => (int)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
