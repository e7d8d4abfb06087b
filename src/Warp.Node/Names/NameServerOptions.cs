using System.Net;
using Warp.Cluster.Identity;

namespace Warp.Node.Names;

/// <summary>How the name server works. The limits are shares: a container beyond its own cannot take those of others.</summary>
/// <param name="Endpoint">Where it listens, by UDP and by TCP; the kernel redirects to it what comes in for port 53 of a bridge's gateway.</param>
/// <param name="IstRange">Where IST addresses come from.</param>
internal sealed record NameServerOptions(IPEndPoint Endpoint, Ipv4Range IstRange)
{
    /// <summary>Questions that others have to answer, at once; each has a socket.</summary>
    public int WaitingPerContainer { get; init; } = 100;

    /// <summary>The same for all containers of a bridge.</summary>
    public int WaitingPerBridge { get; init; } = 250;

    /// <summary>The same for all.</summary>
    public int WaitingInAll { get; init; } = 1_000;

    /// <summary>Open TCP connections.</summary>
    public int ConnectionsPerContainer { get; init; } = 16;

    /// <summary>The same for all containers of a bridge.</summary>
    public int ConnectionsPerBridge { get; init; } = 64;

    /// <summary>The same for all.</summary>
    public int ConnectionsInAll { get; init; } = 512;

    /// <summary>How long one of the host's name servers may take. The engine's resolver gives up after 4 s, and two servers are to be asked in that time.</summary>
    public TimeSpan ServerPatience { get; init; } = TimeSpan.FromMilliseconds(1_800);
}
