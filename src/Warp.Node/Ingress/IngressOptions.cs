using System.Net;

namespace Warp.Node.Ingress;

/// <summary>Where the ingress listens.</summary>
/// <param name="BindAddress">The address of both listeners.</param>
/// <param name="HttpsPort">The port of public URLs; 0 lets the kernel choose (tests).</param>
/// <param name="HttpPort">The port that redirects to HTTPS; null for none, 0 lets the kernel choose (tests).</param>
internal sealed record IngressOptions(IPAddress BindAddress, int HttpsPort, int? HttpPort)
{
    /// <summary>How soon a port that was taken is tried again.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests under way may go on when the node stops.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(2);
}
