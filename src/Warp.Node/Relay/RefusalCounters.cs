using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Warp.Node.Relay.Native;
using Warp.Node.Routing;

namespace Warp.Node.Relay;

/// <summary>Counts refused connections by reason, and logs some of them: at most one line a second for each reason and side, with the number left out.</summary>
internal sealed class RefusalCounters(ILogger log)
{
    private const int LogInterval = 1000;
    private static readonly int Reasons = Enum.GetValues<RouteRefusal>().Length;
    private readonly Side _entry = new(Reasons);
    private readonly Side _exit = new(Reasons);
    private readonly Side _handshakes = new(1);
    private readonly LatestRefusals _latest = new();
    private readonly Side _dials = new(Enum.GetValues<SocketFault>().Length);

    /// <summary>A reason that a peer gave; one that this version does not know is a caller that it does not accept.</summary>
    internal static RouteRefusal FromWire(byte detail) => detail < Reasons ? (RouteRefusal)detail : RouteRefusal.CallerNotThere;

    /// <summary>A container's connection was refused here.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="caller">Who, as far as known.</param>
    /// <param name="target">Where to.</param>
    internal void AtEntry(RouteRefusal reason, object caller, object target)
    {
        _latest.Add(RefusalPlace.Entry, reason.ToString(), $"{caller}", $"{target}");
        if (_entry.Count((int)reason, out var unlogged))
        {
            RelayLog.EntryRefused(log, caller, target, reason, unlogged);
        }
    }

    /// <summary>A peer's stream was refused here.</summary>
    internal void AtExit(RouteRefusal reason, object peer, object request)
    {
        _latest.Add(RefusalPlace.Exit, reason.ToString(), $"{peer}", $"{request}");
        if (_exit.Count((int)reason, out var unlogged))
        {
            RelayLog.ExitDenied(log, peer, request, reason, unlogged);
        }
    }

    /// <summary>A connection to the tunnel port ended before its peer was proven.</summary>
    internal void Handshake(string remote, string problem)
    {
        _latest.Add(RefusalPlace.Handshake, problem, remote, "");
        if (_handshakes.Count(0, out var unlogged))
        {
            RelayLog.HandshakeRefused(log, remote, problem, unlogged);
        }
    }

    /// <summary>A target could not be dialled. Refusals and resets are the application's matter; what this host is to blame for is logged.</summary>
    internal void Dial(SocketFault fault, object path, object container, int port)
    {
        if (fault is not (SocketFault.Refused or SocketFault.Reset) && _dials.Count((int)fault, out var unlogged))
        {
            RelayLog.TargetNotDialled(log, path, $"{container}:{port}", fault.Describe(), unlogged);
        }
    }

    /// <summary>Handshakes refused since the process started.</summary>
    internal long Handshakes => _handshakes[0];

    /// <summary>The numbers since the process started, and the last ones.</summary>
    internal RelayRefusals Read() => new(_entry.Read(), _exit.Read(), Handshakes, _latest.Read());

    private sealed class Side(int reasons)
    {
        private readonly long[] _counts = new long[reasons];
        private readonly long[] _logged = new long[reasons];
        private readonly long[] _nextLog = new long[reasons];

        internal long this[int index] => Volatile.Read(ref _counts[index]);

        internal bool Count(int index, out long unlogged)
        {
            var count = Interlocked.Increment(ref _counts[index]);
            var (now, due) = (Environment.TickCount64, Volatile.Read(ref _nextLog[index]));
            unlogged = 0;
            if (now < due || Interlocked.CompareExchange(ref _nextLog[index], now + LogInterval, due) != due)
            {
                return false;
            }

            unlogged = count - Interlocked.Exchange(ref _logged[index], count) - 1;
            return true;
        }

        internal ImmutableDictionary<RouteRefusal, long> Read() =>
            Enum.GetValues<RouteRefusal>().Where(r => this[(int)r] > 0).ToImmutableDictionary(r => r, r => this[(int)r]);
    }
}
