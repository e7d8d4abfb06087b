using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>Sends back what it reads; reads on when all of it is sent.</summary>
internal sealed unsafe class EchoConnection(LoadLoop loop, Descriptor descriptor) : LoadConnection(loop, descriptor)
{
    private const int MostAtOnce = 64 * 1024;
    private byte[]? _pending;
    private int _start;
    private int _end;

    internal override bool Turn() => SendPending() && MayRead && ReadAndSend() && MayRead;

    private bool ReadAndSend()
    {
        var count = Receive(Loop.Scratch, MostAtOnce);
        var sent = count > 0 ? Send(Loop.Scratch, count) : 0;
        if (count == 0 || sent < 0)
        {
            Loop.Close(this);
        }

        if (count <= 0 || sent < 0)
        {
            return false;
        }

        if (sent < count)
        {
            _pending ??= new byte[MostAtOnce];
            (_start, _end) = (0, count - sent);
            new ReadOnlySpan<byte>(Loop.Scratch + sent, _end).CopyTo(_pending);
        }

        return sent == count;
    }

    private bool SendPending()
    {
        while (_start < _end && MaySend)
        {
            fixed (byte* first = _pending)
            {
                var sent = Send(first + _start, _end - _start);
                if (sent < 0)
                {
                    Loop.Close(this);
                    return false;
                }

                _start += sent;
            }
        }

        return _start == _end;
    }
}
