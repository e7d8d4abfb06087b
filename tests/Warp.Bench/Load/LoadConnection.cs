using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>A socket on a <see cref="LoadLoop"/> and what is done with it.</summary>
internal abstract unsafe class LoadConnection(LoadLoop loop, Descriptor descriptor) : IDisposable
{
    private const ReadyEvents Ended = ReadyEvents.PeerClosed | ReadyEvents.HangUp | ReadyEvents.Error;

    /// <summary>What was reported and not used up yet.</summary>
    internal ReadyEvents Ready { get; set; }

    /// <summary>Its place in the loop.</summary>
    internal int Slot { get; set; }

    /// <summary>Whether it waits for its turn.</summary>
    internal bool IsDue { get; set; }

    internal bool IsClosed => descriptor.IsClosed;

    internal int Socket => descriptor.Number;

    protected LoadLoop Loop => loop;

    protected Descriptor Descriptor => descriptor;

    /// <summary>Whether reading may find something: bytes, the end, or an error.</summary>
    protected bool MayRead => Ready.HasAny(ReadyEvents.In | Ended);

    /// <summary>Whether sending may find room.</summary>
    protected bool MaySend => Ready.HasAny(ReadyEvents.Out);

    /// <summary>Does a bounded piece of work.</summary>
    /// <returns>Whether there is more to do without waiting for an event.</returns>
    internal abstract bool Turn();

    /// <inheritdoc/>
    public virtual void Dispose() => descriptor.Dispose();

    /// <summary>Reads; a short read uses up readiness, but for an end that is reported and not read yet.</summary>
    /// <returns>The number of bytes; 0 at the end or after an error; -1 when there is nothing now.</returns>
    protected int Receive(byte* target, int length)
    {
        var count = TcpSocket.Receive(descriptor.Number, target, length, out var fault);
        if (count < length)
        {
            Ready &= ~ReadyEvents.In;
        }

        return count >= 0 ? count : fault == SocketFault.WouldBlock ? -1 : 0;
    }

    /// <summary>Sends; what does not fit uses up readiness.</summary>
    /// <returns>The number of bytes; -1 after an error.</returns>
    protected int Send(byte* source, int length)
    {
        var count = TcpSocket.Send(descriptor.Number, source, length, out var fault);
        if (count < length)
        {
            Ready &= ~ReadyEvents.Out;
        }

        return count >= 0 ? count : fault == SocketFault.WouldBlock ? 0 : -1;
    }
}
