using System.Buffers.Binary;
using Warp.Cluster.Membership;
using Warp.Node.Relay.Streams;

namespace Warp.Node.Relay.Trunks;

/// <summary>Whether a trunk lives, how long its round trip is, and when it has to be retired.</summary>
internal sealed class TrunkHealth(Trunk trunk)
{
    private const int MaintainInterval = 1000;
    private const long LeastRoundTrip = 1000;
    private readonly long _started = Environment.TickCount64;
    private long _heard = Environment.TickCount64;
    private long _nextPing;
    private long _nextMaintain;
    private long _keyedAt;
    private long _roundTrip;
    private RemovedRunners? _checked;

    /// <summary>
    /// The round trip in microseconds: the lowest of late, creeping up when nothing lower is seen. Never below a millisecond, which is what the scheduling
    /// of a busy host costs at either end.
    /// </summary>
    internal long RoundTrip => Math.Max(_roundTrip, LeastRoundTrip);

    internal void Heard() => _heard = Environment.TickCount64;

    internal void Opened() => _nextPing = Environment.TickCount64;

    internal void OnPong(ReadOnlySpan<byte> token)
    {
        var sample = RelayClock.Microseconds - BinaryPrimitives.ReadInt64BigEndian(token);
        if (sample >= 0)
        {
            _roundTrip = _roundTrip == 0 ? sample : Math.Min(sample, _roundTrip + (_roundTrip / 8) + 10);
        }
    }

    internal void Tick(long now)
    {
        var options = trunk.Share.Services.Options;
        if (trunk.IsClosed)
        {
            return;
        }

        if (!trunk.IsOpen)
        {
            if (now - _started > options.HandshakeTimeout.TotalMilliseconds)
            {
                trunk.Fail("the peer sent no preface");
            }

            return;
        }

        if (now - _heard > options.TrunkTimeout.TotalMilliseconds)
        {
            trunk.Fail($"nothing came from the peer for {options.TrunkTimeout.TotalSeconds:0} s");
            return;
        }

        if (now >= _nextPing)
        {
            _nextPing = now + (long)options.PingInterval.TotalMilliseconds;
            trunk.Output.Ping(RelayClock.Microseconds);
        }

        if (now >= _nextMaintain)
        {
            _nextMaintain = now + MaintainInterval;
            Maintain(options);
        }
    }

    private void Maintain(RelayOptions options)
    {
        var records = trunk.Output.Records;
        if (IsRemoved())
        {
            trunk.Fail("the peer was removed from the cluster");
            return;
        }

        if (!ReferenceEquals(trunk.Credentials.Certificate, trunk.Share.Services.Tls.Credentials.Certificate))
        {
            trunk.Retire("the certificate of the tunnels was renewed");
        }
        else if (records >= options.RecordsPerKey)
        {
            trunk.Retire("it has carried much data under one key");
        }

        if (records - _keyedAt >= options.RecordsPerKey)
        {
            RenewKeys(records, options);
        }

        trunk.Link.Maintain();
    }

    // Looked at again only when somebody was removed since.
    private bool IsRemoved()
    {
        var removed = trunk.Share.Services.Tls.Credentials.Removed;
        if (ReferenceEquals(removed, _checked))
        {
            return false;
        }

        _checked = removed;
        return removed.Find(trunk.Peer, trunk.Tls.Peer!.Enrolment) is not null;
    }

    // A stream that outlives the retirement of its trunk gets new keys where the library can; else it must not reach the AEAD's limit.
    private void RenewKeys(long records, RelayOptions options)
    {
        if (trunk.Tls.CanUpdateKeys)
        {
            _keyedAt = records;
            trunk.Tls.UpdateKeys();
        }
        else if (records >= 4 * options.RecordsPerKey)
        {
            trunk.Fail("it has reached the safe limit of data under one key");
        }
    }
}
