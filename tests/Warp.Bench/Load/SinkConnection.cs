using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>Counts what comes. The clock starts with the first byte; the counted time is what follows the warm-up, to the last byte within the run.</summary>
internal sealed unsafe class SinkConnection(LoadLoop loop, Descriptor descriptor, long milliseconds) : LoadConnection(loop, descriptor)
{
    private const int ReadsInATurn = 4;
    private long _bytes;
    private long _start;
    private (long Time, long Bytes)? _first;
    private (long Time, long Bytes) _last;

    internal override bool Turn()
    {
        for (var i = 0; i < ReadsInATurn && MayRead; i++)
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

            Count(count);
        }

        return MayRead;
    }

    private void Count(int count)
    {
        var now = LoadClock.Now;
        if (_bytes == 0)
        {
            _start = now;
        }

        _bytes += count;
        var run = milliseconds * 1_000_000;
        if (now - _start <= run && now - _start >= run * LoadClock.WarmUpShare)
        {
            _last = (now, _bytes);
            _first ??= _last;
        }
    }

    private void End()
    {
        var first = _first ?? _last;
        var report = new byte[SinkReport.Length];
        new SinkReport(_bytes, _last.Bytes - first.Bytes, _last.Time - first.Time).Write(report);
        fixed (byte* pointer = report)
        {
            _ = Send(pointer, report.Length);
        }

        Loop.Close(this);
    }
}
