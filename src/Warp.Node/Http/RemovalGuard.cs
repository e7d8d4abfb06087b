using Microsoft.AspNetCore.Http;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>Ends a runner's request that is still under way when the runner is removed from the cluster: logs that are followed, programs, transfers.</summary>
internal sealed class RemovalGuard : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private readonly Timer _timer;

    private RemovalGuard(HttpContext context, ICredentialSource credentials)
    {
        var (certificate, accepted) = (context.Connection.ClientCertificate, credentials.Current.Removed);
        _timer = new Timer(
            _ =>
            {
                if (!ReferenceEquals(credentials.Current.Removed, accepted) && PeerIdentity.Check(certificate, credentials.Current).Identity is null)
                {
                    context.Abort();
                }
            },
            null,
            LookEvery,
            LookEvery);
    }

    /// <summary>Begins to look; until it is disposed.</summary>
    public static RemovalGuard Watch(HttpContext context, ICredentialSource credentials) => new(context, credentials);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
