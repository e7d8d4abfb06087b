using System.Runtime.InteropServices;
using Warp.Cluster.Identity;

namespace Warp.Node.Names;

/// <summary>
/// How often containers ask: a flood is dropped before it is read, so that the others' questions keep their place. A container that forges its bridge neighbours' addresses
/// is stopped by the bridge's share. One thread at a time.
/// </summary>
/// <param name="perContainer">Questions a second of one container; as many at once.</param>
/// <param name="perBridge">Questions a second of all containers of one bridge; as many at once.</param>
internal sealed class AskRate(int perContainer, int perBridge)
{
    // Old ones are as full as new ones, so they are simply forgotten.
    private const int MaxRemembered = 8192;
    private readonly Dictionary<Asker, Bucket> _containers = [];
    private readonly Dictionary<Ipv4Address, Bucket> _bridges = [];

    /// <summary>Counts a question.</summary>
    /// <param name="asker">Who asks.</param>
    /// <param name="now">In milliseconds, never going back.</param>
    /// <returns>Whether it is within the rate.</returns>
    public bool Allows(Asker asker, long now)
    {
        if (_containers.Count > MaxRemembered)
        {
            _containers.Clear();
        }

        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_containers, asker, out var known);
        ref var bridge = ref CollectionsMarshal.GetValueRefOrAddDefault(_bridges, asker.Gateway, out var bridgeKnown);
        own = known ? own : Bucket.Full(perContainer, now);
        bridge = bridgeKnown ? bridge : Bucket.Full(perBridge, now);
        return own.TryTake(perContainer, now) && bridge.TryTake(perBridge, now);
    }

    private struct Bucket
    {
        // In thousandths of a question, so that a millisecond adds "rate" of them.
        private long _content;
        private long _filledAt;

        public static Bucket Full(int rate, long now) => new() { _content = rate * 1000L, _filledAt = now };

        public bool TryTake(int rate, long now)
        {
            _content = Math.Min(rate * 1000L, _content + ((now - _filledAt) * rate));
            _filledAt = now;
            if (_content < 1000)
            {
                return false;
            }

            _content -= 1000;
            return true;
        }
    }
}
