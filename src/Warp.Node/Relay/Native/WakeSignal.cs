using System.Runtime.InteropServices;

namespace Warp.Node.Relay.Native;

/// <summary>Wakes a loop out of its wait from any thread (man 2 eventfd).</summary>
internal sealed unsafe class WakeSignal : IDisposable
{
    private readonly Descriptor _descriptor;

    internal WakeSignal()
    {
        var descriptor = Libc.EventDescriptor(0, Libc.CloseOnExec | Libc.NonBlocking);
        _descriptor = descriptor >= 0 ? new Descriptor(descriptor) : throw new InvalidOperationException($"eventfd failed with errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>The descriptor to watch.</summary>
    internal int Number => _descriptor.Number;

    /// <summary>Makes it readable; nothing when it is disposed, at which moment another thread may be here.</summary>
    internal void Set()
    {
        var isHeld = false;
        try
        {
            _descriptor.DangerousAddRef(ref isHeld);
            ulong one = 1;
            _ = Libc.Write(_descriptor.Number, (byte*)&one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended: nobody is to be woken.
        }
        finally
        {
            if (isHeld)
            {
                _descriptor.DangerousRelease();
            }
        }
    }

    /// <summary>Makes it unreadable again.</summary>
    internal void Clear()
    {
        ulong count;
        _ = Libc.Read(_descriptor.Number, (byte*)&count, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}
