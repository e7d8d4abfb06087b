using System.Net;
using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>Short connections: connect, a message there and back, close; as soon as one is done the next begins in its place.</summary>
internal sealed class ConnectLoad(IPEndPoint target, int messageSize) : IDisposable
{
    private const long Patience = 5 * LoadClock.Second;
    private readonly LoadLoop _loop = new();
    private readonly LatencyHistogram _times = new();
    private readonly List<ShortConnection> _open = [];
    private readonly int _size = messageSize;
    private long _counted;
    private long _operations;
    private long _countedOperations;
    private int _errors;

    internal Dictionary<string, double> Run(int atOnce, double seconds)
    {
        var start = LoadClock.Now;
        var end = start + LoadClock.Nanoseconds(seconds);
        _counted = start + LoadClock.Nanoseconds(seconds * LoadClock.WarmUpShare);
        var looked = start;
        for (var now = start; now < end; now = LoadClock.Now)
        {
            _open.RemoveAll(connection => connection.IsClosed);
            Fill(atOnce);
            _loop.RunOnce(50);
            if (now - looked > LoadClock.Second / 4)
            {
                looked = now;
                GiveUp(now);
            }
        }

        var time = LoadClock.Now - _counted;
        CountWaiting();
        return new(StringComparer.Ordinal)
        {
            ["per_s"] = _countedOperations * 1e9 / time,
            ["p50_us"] = _times.Microseconds(0.5),
            ["p99_us"] = _times.Microseconds(0.99),
            ["operations"] = _operations,
            ["errors"] = _errors,
        };
    }

    public void Dispose() => _loop.Dispose();

    private void Fill(int atOnce)
    {
        while (_open.Count < atOnce)
        {
            if (_loop.Dial(target, socket => new ShortConnection(this, _loop, socket)) is not { } connection)
            {
                // No port or descriptor is free: one will be in a moment.
                _errors++;
                Thread.Sleep(1);
                return;
            }

            _open.Add(connection);
        }
    }

    private void GiveUp(long now)
    {
        foreach (var connection in _open.Where(connection => !connection.IsClosed && now - connection.Start > Patience))
        {
            connection.End(succeeded: false);
        }
    }

    /// <summary>What still waits, longer than almost all others did, counts with its time so far: the slowest would else be left out.</summary>
    private void CountWaiting()
    {
        var (now, late) = (LoadClock.Now, LoadClock.Nanoseconds(_times.Microseconds(0.99) / 1e6));
        foreach (var connection in _open.Where(connection => !connection.IsClosed && now - connection.Start > late))
        {
            _times.Add(now - connection.Start);
        }
    }

    private sealed unsafe class ShortConnection(ConnectLoad load, LoadLoop loop, Descriptor descriptor) : LoadConnection(loop, descriptor)
    {
        private bool _asked;
        private int _received;

        /// <summary>When connecting began.</summary>
        internal long Start { get; } = LoadClock.Now;

        internal override bool Turn()
        {
            if (!_asked)
            {
                Ask();
                return false;
            }

            while (MayRead)
            {
                var count = Receive(Loop.Scratch, load._size - _received);
                if (count < 0)
                {
                    return false;
                }

                if (_received == 0 && count > 0 && Start >= load._counted)
                {
                    load._times.Add(LoadClock.Now - Start);
                }

                _received += count;
                if (count == 0 || _received == load._size)
                {
                    End(count > 0);
                    return false;
                }
            }

            return false;
        }

        internal void End(bool succeeded)
        {
            Loop.Close(this);
            if (!succeeded)
            {
                load._errors++;
                return;
            }

            load._operations++;
            load._countedOperations += LoadClock.Now >= load._counted ? 1 : 0;
        }

        private void Ask()
        {
            _asked = true;
            LoadHeader.Write(new Span<byte>(Loop.Scratch, LoadHeader.Length), LoadMode.Echo, 0);
            new ReadOnlySpan<byte>(Loop.Payload, load._size).CopyTo(new Span<byte>(Loop.Scratch + LoadHeader.Length, load._size));
            if (!MaySend || Send(Loop.Scratch, LoadHeader.Length + load._size) != LoadHeader.Length + load._size)
            {
                End(succeeded: false);
            }
        }
    }
}
