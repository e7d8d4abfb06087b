using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Tls;

namespace Warp.Node.Relay.Trunks;

/// <summary>The way in: socket, decryption, frames. It never waits for a stream, so one slow reader does not stop the others.</summary>
internal sealed class TrunkInput : IDisposable
{
    private const int ReadsPerTurn = 2;
    private readonly Trunk _trunk;
    private readonly NativeBuffer _plaintext;
    private bool _readable;
    private bool _ending;

    internal TrunkInput(Trunk trunk)
    {
        _trunk = trunk;

        // The rest of an incomplete frame, and behind it what one read can bring.
        _plaintext = new NativeBuffer(FrameHeader.Size + Math.Max(trunk.Share.Services.Options.MaxFrame, FrameBatch.MaxControlFrame) + TlsSizes.Input);
    }

    /// <summary>The event set says that there is something.</summary>
    internal void MarkReadable(bool ending)
    {
        _readable = true;
        _ending |= ending;
    }

    /// <summary>Takes what is there, within the bounds of a turn.</summary>
    /// <returns>Whether there may be more.</returns>
    internal unsafe bool Read()
    {
        Decrypt();
        for (var reads = 0; reads < ReadsPerTurn && _readable && !_trunk.IsClosed; reads++)
        {
            var input = _trunk.Tls.Input;
            input.Compact();
            var room = input.Room;
            var count = TcpSocket.Receive(_trunk.Socket, input.Next, room, out var fault);
            if (count > 0)
            {
                _readable = count == room || _ending;
                input.Added(count);
                _trunk.Heard();
                Decrypt();
            }
            else if (fault == SocketFault.WouldBlock)
            {
                _readable = false;
            }
            else
            {
                _trunk.Fail(count == 0 ? "the peer closed the connection" : fault.Describe());
            }
        }

        return _readable;
    }

    /// <inheritdoc/>
    public void Dispose() => _plaintext.Dispose();

    private void Decrypt()
    {
        while (!_trunk.IsClosed)
        {
            var count = _trunk.Tls.Decrypt(_plaintext.Space);
            if (count > 0)
            {
                _plaintext.Added(count);
                if (_plaintext.Room >= TlsSizes.Record)
                {
                    continue;
                }
            }

            TakeFrames();
            if (count <= 0)
            {
                if (count < 0)
                {
                    _trunk.Fail(_trunk.Tls.Failure ?? "the encryption broke");
                }

                return;
            }

            if (!_trunk.IsClosed)
            {
                _plaintext.Compact();
            }
        }
    }

    private void TakeFrames()
    {
        if (!_trunk.IsOpen && !_trunk.IsClosed && !TakePreface())
        {
            return;
        }

        while (!_trunk.IsClosed)
        {
            var bytes = _plaintext.Bytes;
            switch (FrameReader.Read(bytes, _trunk.Share.Services.Options.MaxFrame, out var header, out var payload))
            {
                case FrameRead.Frame:
                    _trunk.OnFrame(header, payload);
                    if (!_trunk.IsClosed)
                    {
                        _plaintext.Taken(FrameHeader.Size + payload.Length);
                    }

                    break;
                case FrameRead.Invalid:
                    _trunk.Fail($"the peer broke the protocol: {header.Problem(_trunk.Share.Services.Options.MaxFrame)}");
                    return;
                default:
                    return;
            }
        }
    }

    private bool TakePreface()
    {
        switch (Preface.Read(_plaintext.Bytes, out var preface, out var size, out var problem))
        {
            case FrameRead.Frame:
                _plaintext.Taken(size);
                _trunk.OnPreface(preface);
                return true;
            case FrameRead.Invalid:
                _trunk.Fail(problem!);
                return false;
            default:
                return false;
        }
    }
}
