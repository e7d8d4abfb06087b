namespace Warp.Bench.Peers;

/// <summary>Every peer of the bench, in the order of the tables.</summary>
internal static class AllPeers
{
    internal static IReadOnlyList<TunnelPeer> List { get; } =
    [
        new PlainPeer(PlainPeer.Base, "no tunnel, no encryption: the client connects straight to the server"),
        new PlainPeer("plain2", "plain once more: its ratios are the noise of the machine and of the bench"),
        new WarpPeer(),
        new HaproxyPeer(),
        new NginxPeer(),
        new StunnelPeer(),
        new SshPeer(),
        new NebulaPeer(),
        new WireguardPeer(),
    ];
}
