using Akka.Cluster.Sharding;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Hosting;

/// <summary>Which entity and shard a message is for. The number of shards is fixed for the life of a cluster.</summary>
internal sealed class DeploymentMessageExtractor() : HashCodeMessageExtractor(maxNumberOfShards: 30)
{
    /// <inheritdoc/>
    public override string? EntityId(object message) => (message as IDeploymentMessage)?.Deployment.Value;
}
