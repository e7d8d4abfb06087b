namespace Warp.Cluster.Identity;

/// <summary>One container's place in the plan: which replica of which service, and the how-manieth placement of it.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Service">The service.</param>
/// <param name="Ordinal">The replica's number, from 0.</param>
/// <param name="Generation">Rises by one with each new placement of this ordinal, from 1; a message about an older generation is late and is dropped.</param>
public sealed record InstanceId(DeploymentName Deployment, ServiceName Service, int Ordinal, long Generation)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Deployment}/{Service}#{Ordinal}@{Generation}";
}
