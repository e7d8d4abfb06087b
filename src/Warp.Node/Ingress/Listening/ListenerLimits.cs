using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Warp.Node.Ingress.Listening;

/// <summary>What bounds a client of the ingress: strict on what costs us, no limit on what is between client and service.</summary>
internal static class ListenerLimits
{
    /// <summary>How many connections one port takes.</summary>
    public const int MaxConnections = 20_000;

    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        var limits = kestrel.Limits;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.Http2.MaxStreamsPerConnection = 100;

        // A body may be of any size and come in pieces with long pauses; one that does not come at all ends.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: TimeSpan.FromMinutes(1));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: TimeSpan.FromMinutes(1));
    }
}
