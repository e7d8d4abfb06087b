using Warp.Cluster.Identity;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Tls;
using Warp.Node.Security;

namespace Warp.Node.Relay.Trunks;

/// <summary>A connection whose handshake is done and whose peer is proven, on its way to a loop.</summary>
/// <param name="Socket">The connection.</param>
/// <param name="Tls">Its encryption.</param>
/// <param name="Peer">Who is at the other end.</param>
/// <param name="Remote">Where, for the log.</param>
/// <param name="Dialled">Whether this end dialled.</param>
/// <param name="Credentials">What this end proved itself with.</param>
internal sealed record EstablishedTrunk(Descriptor Socket, ITrunkTls Tls, RunnerId Peer, string Remote, bool Dialled, NodeCredentials Credentials) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Socket.Dispose();
        Tls.Dispose();
    }
}
