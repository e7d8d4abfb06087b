using Warp.Node.Relay.Frames;

namespace Warp.Node.Relay.Streams;

/// <summary>
/// The paths that a peer asked for on one trunk. All connections between two services differ in the port only, so names are checked once
/// and each further OPEN frame costs a hash. Thousands of pairs of services keep their places.
/// </summary>
internal sealed class ExitPathCache
{
    private const int PathsPerGeneration = 8192;
    private Dictionary<int, (byte[] Bytes, ExitPath Path)> _paths = [];
    private Dictionary<int, (byte[] Bytes, ExitPath Path)> _older = [];

    /// <summary>Reads an OPEN frame's payload; false when it is malformed.</summary>
    internal bool TryRead(ReadOnlySpan<byte> payload, out ExitPath? path, out int port)
    {
        var constant = payload[..^OpenFrame.PortSize];
        port = (payload[^2] << 8) | payload[^1];
        var hash = default(HashCode);
        hash.AddBytes(constant);
        var key = hash.ToHashCode();
        if (_paths.TryGetValue(key, out var known) && constant.SequenceEqual(known.Bytes))
        {
            path = known.Path;
            return port > 0;
        }

        path = null;
        if (!_older.TryGetValue(key, out known) || !constant.SequenceEqual(known.Bytes))
        {
            if (!OpenFrame.TryRead(payload, out var request))
            {
                return false;
            }

            known = (constant.ToArray(), new ExitPath(request with { Port = 0 }));
        }

        path = known.Path;
        Remember(key, known);
        return port > 0;
    }

    // Bounded, whatever the peer asks for: when one generation is full, what was not asked for since the last time is forgotten.
    private void Remember(int key, (byte[] Bytes, ExitPath Path) known)
    {
        if (_paths.Count >= PathsPerGeneration)
        {
            (_paths, _older) = (_older, _paths);
            _paths.Clear();
        }

        _paths[key] = known;
    }
}
