using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http;

/// <summary>Where the public reaches a service, as this node's ingress serves it.</summary>
public interface IPublicUrls
{
    /// <summary>The service's URLs, the one under its base domain first; empty when it has none.</summary>
    ImmutableArray<string> Of(DeploymentName deployment, ServiceView service);
}
