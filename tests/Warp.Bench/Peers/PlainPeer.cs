using System.Net;

namespace Warp.Bench.Peers;

/// <summary>No tunnel: the client connects straight to the server. What the machine can do, and as a second one what the bench itself scatters.</summary>
internal sealed class PlainPeer(string name, string note) : TunnelPeer
{
    internal const string Base = "plain";

    internal override string Name => name;

    internal override string Note => note;

    internal override bool IsEncrypted => false;

    internal override Task<IPEndPoint> StartAsync(PeerSetting setting, CancellationToken cancellationToken) => Task.FromResult(setting.Server);
}
