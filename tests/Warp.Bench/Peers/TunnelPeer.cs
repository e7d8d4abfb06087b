using System.Net;

namespace Warp.Bench.Peers;

/// <summary>One way to carry TCP from one host to the other, as the bench starts it.</summary>
internal abstract class TunnelPeer
{
    internal abstract string Name { get; }

    /// <summary>Cipher, topology and what is tuned, in one line.</summary>
    internal abstract string Note { get; }

    /// <summary>The programs that must be installed.</summary>
    internal virtual IReadOnlyList<string> Needs => [];

    /// <summary>Whether it claims to hide what it carries.</summary>
    internal virtual bool IsEncrypted => true;

    /// <summary>Prints its version; null when there is nothing to ask.</summary>
    internal virtual IReadOnlyList<string>? VersionCommand => null;

    /// <summary>Starts both ends and waits until they serve.</summary>
    /// <returns>Where the load client connects.</returns>
    internal abstract Task<IPEndPoint> StartAsync(PeerSetting setting, CancellationToken cancellationToken);
}
