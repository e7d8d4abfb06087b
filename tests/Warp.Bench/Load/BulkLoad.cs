using System.Net;

namespace Warp.Bench.Load;

/// <summary>Streams in one direction, as fast as they go or read at a given pace.</summary>
internal sealed class BulkLoad : IDisposable
{
    private const double DrainSeconds = 6;
    private readonly LoadLoop _loop = new();
    private readonly List<BulkConnection> _streams = [];
    private int _errors;

    /// <summary>Client to server: the server counts.</summary>
    internal Dictionary<string, double> Up(IPEndPoint target, int streams, double seconds)
    {
        Open(target, streams, LoadMode.Sink, (long)(seconds * 1000));
        LoadRun.AwaitStart();
        var end = LoadClock.Now + LoadClock.Nanoseconds(seconds);
        _streams.ForEach(stream => stream.BeginSending());
        RunUntil(end);
        Drain();
        var reports = _streams.Where(stream => stream.Report is not null).Select(stream => stream.Report!.Value).ToList();
        return Result(reports.Sum(report => report.MegabytesPerSecond), reports.Sum(report => report.Bytes));
    }

    /// <summary>Server to client: the client counts.</summary>
    /// <param name="target">Where to connect.</param>
    /// <param name="streams">How many.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="pace">The MB/s that all of them together are read at; 0 for no limit.</param>
    internal Dictionary<string, double> Down(IPEndPoint target, int streams, double seconds, double pace)
    {
        Open(target, streams, LoadMode.Source, 0);
        LoadRun.AwaitStart();
        var start = LoadClock.Now;
        var counted = start + LoadClock.Nanoseconds(seconds * LoadClock.WarmUpShare);
        var end = start + LoadClock.Nanoseconds(seconds);
        RunUntil(counted, start, pace);
        var (bytesBefore, timeBefore) = (Received, LoadClock.Now);
        RunUntil(end, start, pace);
        var rate = (Received - bytesBefore) * 1e3 / (LoadClock.Now - timeBefore);
        Drain();
        return Result(rate, Received);
    }

    public void Dispose() => _loop.Dispose();

    private long Received => _streams.Sum(stream => stream.Received);

    private void Open(IPEndPoint target, int streams, LoadMode mode, long argument)
    {
        for (var i = 0; i < streams; i++)
        {
            if (_loop.Dial(target, socket => new BulkConnection(_loop, socket, mode, argument)) is { } stream)
            {
                _streams.Add(stream);
            }
        }

        var deadline = LoadClock.Now + (10 * LoadClock.Second);
        while (_streams.Exists(stream => stream is { IsOpen: false, IsClosed: false }) && LoadClock.Now < deadline)
        {
            _loop.RunOnce(100);
        }

        _errors = streams - _streams.Count(stream => stream is { IsOpen: true, IsClosed: false });
    }

    private void RunUntil(long end, long start = 0, double pace = 0)
    {
        for (var now = LoadClock.Now; now < end && _streams.Exists(stream => !stream.IsClosed); now = LoadClock.Now)
        {
            if (pace > 0 && Received * 1e3 > pace * (now - start))
            {
                // Ahead of the pace: what is not read waits in the tunnel.
                Thread.Sleep(1);
            }
            else
            {
                _loop.RunOnce(20);
            }
        }
    }

    private void Drain()
    {
        _errors += _streams.Count(stream => stream.IsClosed);
        _streams.ForEach(stream => stream.Stop());
        RunUntil(LoadClock.Now + LoadClock.Nanoseconds(DrainSeconds));
    }

    private Dictionary<string, double> Result(double megabytesPerSecond, long bytes) => new(StringComparer.Ordinal)
    {
        ["mb_per_s"] = megabytesPerSecond,
        ["bytes"] = bytes,
        ["errors"] = _errors,
        ["undrained"] = _streams.Count(stream => !stream.IsClosed),
    };
}
