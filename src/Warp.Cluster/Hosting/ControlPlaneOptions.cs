using System.Collections.Immutable;
using System.Globalization;
using Akka.Configuration;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Hosting;

/// <summary>What this node was told of the cluster's control nodes.</summary>
/// <param name="ControlNodes">How many there are to be; the same on each of them.</param>
public sealed record ControlPlaneOptions(int ControlNodes)
{
    /// <summary>How many of them have to agree: more than half.</summary>
    public int Quorum => (ControlNodes / 2) + 1;

    /// <summary>Whether the journal is one that several control nodes can share.</summary>
    public bool SharesJournal { get; init; }

    /// <summary>Whether this node may form the cluster.</summary>
    public bool Founder { get; init; }

    /// <summary>Cluster ports of nodes that may be control nodes: whom a founder asks before it forms a cluster. Never default.</summary>
    public ImmutableArray<NodeEndpoint> Known { get; init; } = [];

    /// <summary>The strategy of the split brain resolver that is right for so many; the reasons are in <c>hocon/cluster.conf</c>.</summary>
    public Config SplitBrainResolver => ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
        akka.cluster.split-brain-resolver {
            active-strategy = {{(ControlNodes == 1 ? "keep-majority" : "static-quorum")}}
            static-quorum.quorum-size = {{Quorum}}
        }
        """));
}
