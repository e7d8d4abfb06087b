using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Entry;

/// <summary>An accepted connection that has not got its way yet.</summary>
/// <param name="Socket">The caller's connection.</param>
/// <param name="Call">From whom and where to.</param>
/// <param name="Since">When it was accepted, in milliseconds of <see cref="Environment.TickCount64"/>.</param>
internal sealed record HeldCall(Descriptor Socket, EntryCall Call, long Since)
{
    /// <summary>Ends it with a reset.</summary>
    internal void Refuse()
    {
        TcpSocket.ResetOnClose(Socket.Number);
        Socket.Dispose();
    }
}
