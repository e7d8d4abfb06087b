using Warp.Cluster.Identity;

namespace Warp.Node.Relay.Edges;

/// <summary>Who calls whom.</summary>
/// <param name="Deployment">The deployment of both ends; of the target, when the ingress calls.</param>
/// <param name="Caller">The calling service; the default value when it is the ingress.</param>
/// <param name="Target">The service called.</param>
/// <param name="Port">The port called.</param>
internal readonly record struct EdgeName(DeploymentName Deployment, ServiceName Caller, ServiceName Target, int Port);
