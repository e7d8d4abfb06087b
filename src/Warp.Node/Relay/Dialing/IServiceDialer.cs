using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Node.Relay.Dialing;

/// <summary>Connects the node itself to a public service, on this runner or through the tunnel. The exit lets such a connection in to the service's public port and to nothing else.</summary>
public interface IServiceDialer
{
    /// <summary>Connects; waits up to the target's hold while no instance can take it.</summary>
    /// <returns>A stream of bytes that ends in both directions as the service's TCP connection does.</returns>
    /// <exception cref="IOException">No instance took it; the message is for the node's log, never for the client.</exception>
    Task<Stream> ConnectAsync(PublicTarget target, CancellationToken cancellationToken);
}

/// <summary>Where to.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Service">The service.</param>
/// <param name="Port">Its public port.</param>
/// <param name="Runners">The runners with an instance that serves; this runner is preferred, then the one with the fewest connections from here.</param>
/// <param name="Hold">How long to wait while no instance can take it.</param>
public sealed record PublicTarget(DeploymentName Deployment, ServiceName Service, int Port, ImmutableArray<RunnerId> Runners, TimeSpan Hold);
