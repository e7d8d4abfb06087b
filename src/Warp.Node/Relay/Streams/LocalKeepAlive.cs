namespace Warp.Node.Relay.Streams;

/// <summary>Probes on sockets to containers, so that one that vanished without a word does not keep a stream for ever.</summary>
internal static class LocalKeepAlive
{
    internal const int IdleSeconds = 60;
    internal const int IntervalSeconds = 20;
    internal const int Probes = 3;
}
