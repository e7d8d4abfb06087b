using System.Collections.Immutable;
using System.Text.Json;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Configuration;

/// <summary>Who a node is in its cluster: <c>node.json</c>, written once by <c>warp init</c> or <c>warp join</c>.</summary>
/// <param name="Cluster">The cluster's id, as in every certificate's identity.</param>
/// <param name="Runner">This node's name.</param>
/// <param name="Roles">From <see cref="Warp.Cluster.Hosting.ClusterRoles"/>; at least one.</param>
/// <param name="Address">The one spelling (name or address) by which all other nodes reach this one.</param>
/// <param name="Ports">The ports chosen when the node was made.</param>
/// <param name="Founder">Whether this node may form the cluster when nobody answers; true on exactly one node, the one that made the cluster.</param>
/// <param name="Seeds">Cluster ports of control nodes to join by; empty on the founder.</param>
public sealed record NodeDescription(
    string Cluster, RunnerId Runner, ImmutableArray<string> Roles, string Address, NodePorts Ports, bool Founder, ImmutableArray<NodeEndpoint> Seeds)
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="OperatorException">There is none, or it is not one of ours.</exception>
    public static NodeDescription Load(DataFolder data)
    {
        ArgumentNullException.ThrowIfNull(data);
        try
        {
            using var stream = File.OpenRead(data.NodeFile);
            return JsonSerializer.Deserialize(stream, NodeJson.Default.NodeDescription)
                ?? throw new JsonException("the file is empty");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OperatorException(
                ExitCode.NotConfigured,
                $"{data.Root} belongs to no cluster yet. Make one with 'warp init', or take part in one with 'warp join BUNDLE'; name another folder with --data.",
                failure);
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"{data.NodeFile} cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>The file's content.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, NodeJson.Default.NodeDescription);
}
