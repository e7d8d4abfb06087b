using Warp.Cluster.Identity;

namespace Warp.Cluster.Protocol;

/// <summary>Everything that crosses the wire between nodes or goes into the journal: bound to <c>WarpProtocolSerializer</c>, each type with a short versioned manifest.</summary>
public interface IWarpMessage;

/// <summary>A message for the one deployment it names; sharding routes by it.</summary>
public interface IDeploymentMessage : IWarpMessage
{
    /// <summary>The deployment; its value is the entity id.</summary>
    DeploymentName Deployment { get; }
}
