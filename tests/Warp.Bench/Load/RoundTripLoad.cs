using System.Net;
using Warp.Node.Relay.Native;

namespace Warp.Bench.Load;

/// <summary>Round trips: on each connection one message at a time there and back, again and again.</summary>
internal sealed class RoundTripLoad : IDisposable
{
    private const int MaxSize = 64 * 1024;
    private readonly LoadLoop _loop = new();
    private readonly List<PingConnection> _pings = [];
    private readonly LatencyHistogram _times = new();
    private readonly int _size;
    private long _counted = long.MaxValue;
    private long _trips;
    private int _errors;

    internal RoundTripLoad(int size) => _size = size is > 0 and <= MaxSize ? size : throw new ArgumentOutOfRangeException(nameof(size));

    /// <summary>Opens the connections one after the other, each with a first round trip, so that all are warm when the clock starts.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="connections">How many.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="awaitStart">Returns when the clock may start.</param>
    internal Dictionary<string, double> Run(IPEndPoint target, int connections, double seconds, Action awaitStart)
    {
        for (var i = 0; i < connections; i++)
        {
            Open(target);
        }

        awaitStart();
        var start = LoadClock.Now;
        var end = start + LoadClock.Nanoseconds(seconds);
        _counted = start + LoadClock.Nanoseconds(seconds * LoadClock.WarmUpShare);
        _trips = 0;
        foreach (var ping in _pings)
        {
            ping.Begin();
        }

        while (LoadClock.Now < end && _pings.Exists(ping => !ping.IsClosed))
        {
            _loop.RunOnce(50);
        }

        var trips = _trips;
        return new(StringComparer.Ordinal)
        {
            ["per_s"] = _times.Count * 1e9 / (LoadClock.Now - _counted),
            ["p50_us"] = _times.Microseconds(0.5),
            ["p99_us"] = _times.Microseconds(0.99),
            ["longest_us"] = _times.Microseconds(1),
            ["operations"] = trips,
            ["errors"] = _errors,
        };
    }

    public void Dispose() => _loop.Dispose();

    private void Open(IPEndPoint target)
    {
        var deadline = LoadClock.Now + (10 * LoadClock.Second);
        if (_loop.Dial(target, socket => new PingConnection(this, _loop, socket)) is not { } ping)
        {
            _errors++;
            return;
        }

        _pings.Add(ping);
        while (!ping.IsGreeted && !ping.IsClosed && LoadClock.Now < deadline)
        {
            _loop.RunOnce(100);
        }

        if (!ping.IsGreeted)
        {
            ping.Fail();
        }
    }

    private sealed unsafe class PingConnection(RoundTripLoad load, LoadLoop loop, Descriptor descriptor) : LoadConnection(loop, descriptor)
    {
        private bool _asked;
        private int _received;
        private long _sent;

        /// <summary>Whether the first message came back.</summary>
        internal bool IsGreeted { get; private set; }

        internal override bool Turn()
        {
            if (!_asked)
            {
                return Greet();
            }

            if (!MayRead)
            {
                return false;
            }

            var count = Receive(Loop.Scratch, load._size - _received);
            if (count == 0)
            {
                Fail();
            }

            if (count <= 0)
            {
                return false;
            }

            _received += count;
            if (_received == load._size)
            {
                _received = 0;
                Complete();
            }

            return false;
        }

        /// <summary>Sends a message.</summary>
        internal void Begin()
        {
            if (!IsClosed)
            {
                _sent = LoadClock.Now;
                if (Send(Loop.Payload, load._size) != load._size)
                {
                    Fail();
                }
            }
        }

        internal void Fail()
        {
            load._errors++;
            Loop.Close(this);
        }

        private bool Greet()
        {
            _asked = true;
            LoadHeader.Write(new Span<byte>(Loop.Scratch, LoadHeader.Length), LoadMode.Echo, 0);
            new ReadOnlySpan<byte>(Loop.Payload, load._size).CopyTo(new Span<byte>(Loop.Scratch + LoadHeader.Length, load._size));
            if (!MaySend || Send(Loop.Scratch, LoadHeader.Length + load._size) != LoadHeader.Length + load._size)
            {
                Fail();
            }

            return false;
        }

        private void Complete()
        {
            if (!IsGreeted)
            {
                IsGreeted = true;
                return;
            }

            if (_sent >= load._counted)
            {
                load._times.Add(LoadClock.Now - _sent);
            }

            load._trips++;
            Begin();
        }
    }
}
