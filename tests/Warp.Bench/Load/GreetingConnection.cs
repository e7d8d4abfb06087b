using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>A new connection at the server: its header says who goes on with it.</summary>
internal sealed unsafe class GreetingConnection(LoadLoop loop, Descriptor descriptor) : LoadConnection(loop, descriptor)
{
    private readonly byte[] _header = new byte[LoadHeader.Length];
    private int _length;

    internal override bool Turn()
    {
        while (MayRead)
        {
            var count = Receive(Loop.Scratch, _header.Length - _length);
            if (count == 0)
            {
                Loop.Close(this);
            }

            if (count <= 0)
            {
                return false;
            }

            new ReadOnlySpan<byte>(Loop.Scratch, count).CopyTo(_header.AsSpan(_length));
            _length += count;
            if (_length == _header.Length)
            {
                Begin();
                return false;
            }
        }

        return false;
    }

    private void Begin()
    {
        LoadConnection? next = !LoadHeader.TryRead(_header, out var mode, out var argument) ? null : mode switch
        {
            LoadMode.Echo => new EchoConnection(Loop, Descriptor),
            LoadMode.Sink => new SinkConnection(Loop, Descriptor, argument),
            LoadMode.Source => new SourceConnection(Loop, Descriptor),
            LoadMode.Digest => new AnswerConnection(Loop, Descriptor, argument),
            LoadMode.AwaitEnd => new AnswerConnection(Loop, Descriptor, null),
            LoadMode.Known => new KnownConnection(Loop, Descriptor, (int)argument),
            _ => null,
        };
        if (next is null)
        {
            Loop.Close(this);
        }
        else
        {
            Loop.HandOver(this, next);
        }
    }
}
