using System.Security.Cryptography;
using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>Reads a number of bytes, or to the end of the stream when there is no number, and answers: with their checksum, or with one byte.</summary>
internal sealed unsafe class AnswerConnection(LoadLoop loop, Descriptor descriptor, long? length) : LoadConnection(loop, descriptor)
{
    private readonly IncrementalHash _sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;

    internal override bool Turn()
    {
        while (MayRead)
        {
            var count = Receive(Loop.Scratch, LoadLoop.Chunk);
            if (count < 0)
            {
                return false;
            }

            if (count == 0)
            {
                End();
                return false;
            }

            _sum.AppendData(new ReadOnlySpan<byte>(Loop.Scratch, count));
            _read += count;
            if (_read == length)
            {
                Answer(_sum.GetCurrentHash());
            }
        }

        return false;
    }

    public override void Dispose()
    {
        _sum.Dispose();
        base.Dispose();
    }

    private void End()
    {
        if (length is null)
        {
            Answer([1]);
        }

        Loop.Close(this);
    }

    private void Answer(byte[] bytes)
    {
        fixed (byte* first = bytes)
        {
            _ = Send(first, bytes.Length);
        }
    }
}

/// <summary>Sends the known bytes, ends its direction, and waits for the client's end.</summary>
internal sealed unsafe class KnownConnection(LoadLoop loop, Descriptor descriptor, int length) : LoadConnection(loop, descriptor)
{
    private readonly byte[] _bytes = KnownBytes.Make(length);
    private int _sent;

    internal override bool Turn()
    {
        while (_sent < _bytes.Length && MaySend)
        {
            fixed (byte* first = _bytes)
            {
                var count = Send(first + _sent, _bytes.Length - _sent);
                if (count < 0)
                {
                    Loop.Close(this);
                    return false;
                }

                _sent += count;
            }

            if (_sent == _bytes.Length)
            {
                TcpSocket.ShutdownSend(Socket);
            }
        }

        if (MayRead && Receive(Loop.Scratch, LoadLoop.Chunk) == 0)
        {
            Loop.Close(this);
        }

        return false;
    }
}
