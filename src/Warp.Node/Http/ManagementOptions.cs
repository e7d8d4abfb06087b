using System.Net;
using Warp.Node.Configuration;

namespace Warp.Node.Http;

/// <summary>Where the management API listens.</summary>
/// <param name="BindAddress">The address of the HTTPS listener.</param>
/// <param name="Port">Its TCP port; 0 lets the kernel choose (tests).</param>
/// <param name="SocketPath">The Unix socket for the local administrator; at most <see cref="MaxSocketPathBytes"/> UTF-8 bytes.</param>
public sealed record ManagementOptions(IPAddress BindAddress, int Port, string SocketPath)
{
    /// <summary>The default port (Akka Management's).</summary>
    public const int DefaultPort = 8558;

    /// <summary>What fits into the kernel's <c>sun_path</c> with its closing zero (unix(7)).</summary>
    public const int MaxSocketPathBytes = 107;

    /// <summary>The largest request body that is taken.</summary>
    public const long MaxBodyBytes = 4 * 1024 * 1024;

    /// <summary>The largest request body that is read only to refuse it; a larger one is cut off.</summary>
    public const long MaxDiscardedBytes = 64 * 1024 * 1024;

    /// <summary>How long a request waits for an actor's answer.</summary>
    public TimeSpan AskTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long connections of an instance may go on that leaves a drained runner, when the request does not say it.</summary>
    public TimeSpan DrainDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The largest build context that is taken, in bytes.</summary>
    public long MaxContextBytes { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>How much is kept of who changed what.</summary>
    public AuditSettings Audit { get; init; } = AuditSettings.Default;

    /// <summary>How much one caller may ask.</summary>
    public RateLimitSettings RateLimit { get; init; } = RateLimitSettings.Default;

    /// <summary>The routes of Akka Management.</summary>
    public AkkaManagementSettings Akka { get; init; } = new();
}
