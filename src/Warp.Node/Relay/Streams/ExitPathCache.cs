using Warp.Node.Relay.Frames;

namespace Warp.Node.Relay.Streams;

/// <summary>
/// The paths that a peer asked for on one trunk. All connections between two services differ in the port only, so names are checked once
/// and each further OPEN frame costs a hash.
/// </summary>
internal sealed class ExitPathCache
{
    private const int MaxPaths = 1024;
    private readonly Dictionary<int, (byte[] Bytes, ExitPath Path)> _paths = [];

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
        if (!OpenFrame.TryRead(payload, out var request))
        {
            return false;
        }

        if (_paths.Count >= MaxPaths)
        {
            _paths.Clear();
        }

        path = new ExitPath(request with { Port = 0 });
        _paths[key] = (constant.ToArray(), path);
        return true;
    }
}
