using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Relay.Dialing;

namespace Warp.Node.Ingress;

/// <summary>One public service and where it serves now; immutable.</summary>
/// <param name="Deployment">Its deployment.</param>
/// <param name="Service">The service.</param>
internal sealed record PublicEndpoint(DeploymentName Deployment, PublicService Service)
{
    /// <summary>What a connection is asked for with.</summary>
    public PublicTarget Target => new(
        Deployment,
        Service.Service,
        Service.Port,
        [.. Service.Placements.Select(placement => placement.Runner).Distinct()],
        TimeSpan.FromSeconds(Service.ConnectHoldSeconds));

    /// <summary>Whether a connection that was made for the other is as good for this one: the same instances serve, on the same port.</summary>
    public bool ServesLike(PublicEndpoint other) =>
        Deployment == other.Deployment
        && Service.Service == other.Service.Service
        && Service.Port == other.Service.Port
        && Service.ConnectHoldSeconds == other.Service.ConnectHoldSeconds
        && Service.Placements.SequenceEqual(other.Service.Placements);

    /// <inheritdoc/>
    public override string ToString() => $"'{Service.Service}' of deployment '{Deployment}'";
}
