using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>One stream of a <see cref="BulkLoad"/>: sends to a sink, or reads from a source.</summary>
internal sealed unsafe class BulkConnection(LoadLoop loop, Descriptor descriptor, LoadMode mode, long argument) : LoadConnection(loop, descriptor)
{
    private const int ReadsInATurn = 4;
    private readonly byte[] _report = new byte[SinkReport.Length];
    private int _reportLength;
    private bool _sending;

    /// <summary>Whether it is connected and has said what it wants.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>Bytes from a source.</summary>
    internal long Received { get; private set; }

    /// <summary>The sink's answer; null before the end.</summary>
    internal SinkReport? Report => _reportLength == SinkReport.Length ? SinkReport.Read(_report) : null;

    /// <summary>Sends from now on.</summary>
    internal void BeginSending()
    {
        if (!IsClosed)
        {
            _sending = true;
            Loop.Wake(this);
        }
    }

    /// <summary>Ends the sending, or asks the source to; what is on its way still comes.</summary>
    internal void Stop()
    {
        if (IsClosed)
        {
            return;
        }

        if (mode == LoadMode.Sink)
        {
            _sending = false;
            TcpSocket.ShutdownSend(Socket);
        }
        else
        {
            _ = Send(Loop.Payload, 1);
        }
    }

    internal override bool Turn()
    {
        if (!IsOpen)
        {
            Greet();
            return false;
        }

        if (!(mode == LoadMode.Sink ? ReadReport() : ReadBulk()))
        {
            Loop.Close(this);
            return false;
        }

        return SendBulk() || (MayRead && mode == LoadMode.Source);
    }

    private void Greet()
    {
        LoadHeader.Write(new Span<byte>(Loop.Scratch, LoadHeader.Length), mode, argument);
        IsOpen = MaySend && Send(Loop.Scratch, LoadHeader.Length) == LoadHeader.Length;
        if (!IsOpen)
        {
            Loop.Close(this);
        }
    }

    private bool SendBulk()
    {
        if (_sending && MaySend && Send(Loop.Payload, LoadLoop.Chunk) < 0)
        {
            Loop.Close(this);
        }

        return _sending && MaySend;
    }

    private bool ReadBulk()
    {
        for (var i = 0; i < ReadsInATurn && MayRead; i++)
        {
            var count = Receive(Loop.Scratch, LoadLoop.Chunk);
            if (count <= 0)
            {
                return count < 0;
            }

            Received += count;
        }

        return true;
    }

    private bool ReadReport()
    {
        while (MayRead)
        {
            var count = Receive(Loop.Scratch, SinkReport.Length);
            if (count <= 0)
            {
                return count < 0;
            }

            var taken = Math.Min(count, _report.Length - _reportLength);
            new ReadOnlySpan<byte>(Loop.Scratch, taken).CopyTo(_report.AsSpan(_reportLength));
            _reportLength += taken;
        }

        return true;
    }
}
