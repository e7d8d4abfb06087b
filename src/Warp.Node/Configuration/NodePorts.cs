namespace Warp.Node.Configuration;

/// <summary>The TCP ports that a node listens on; each 1 to 65535.</summary>
/// <param name="Cluster">Akka remoting.</param>
/// <param name="Tunnel">Encrypted traffic between runners.</param>
/// <param name="Management">The HTTPS API.</param>
public sealed record NodePorts(int Cluster, int Tunnel, int Management)
{
    /// <summary>4053, 4054 and 8558.</summary>
    public static NodePorts Default { get; } = new(4053, 4054, 8558);
}
