using System.Collections.Immutable;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Membership;

/// <summary>What an operator should know about the control nodes as they are. Pure.</summary>
internal static class ControlPlaneProblems
{
    private const string Setting = "warp.cluster.control-nodes";

    /// <summary>All of it; empty when all is well.</summary>
    /// <param name="options">What this control node was told.</param>
    /// <param name="members">How many control nodes are members and can be reached, this one included.</param>
    /// <param name="others">How the others of them stand, by name.</param>
    public static ImmutableArray<string> Of(ControlPlaneOptions options, int members, IReadOnlyDictionary<string, ControlNodeStanding> others)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        if (members == 2 && options.ControlNodes <= 2)
        {
            problems.Add(
                "there are two control nodes: losing either stops the control plane, so two are no improvement over one. "
                + $"Add a third with 'warp runner add NAME --address HOST --control' and set {Setting} = 3 on each of them");
        }
        else if (members < options.ControlNodes)
        {
            problems.Add(members > options.Quorum
                ? $"{members} of {options.ControlNodes} control nodes can be reached; start the missing one"
                : $"{members} of {options.ControlNodes} control nodes can be reached: if one more is lost, nothing can be deployed until it is back. Start the missing one");
        }
        else if (members > options.ControlNodes)
        {
            problems.Add($"there are {members} control nodes, but {Setting} is {options.ControlNodes} here: set it to {members} on each of them and restart them one after the other");
        }

        problems.AddRange(
            from other in others
            where other.Value.ControlNodes != options.ControlNodes
            select $"{Setting} is {options.ControlNodes} here and {other.Value.ControlNodes} on the control node at {other.Key}: it has to be the same on each of them");
        if (members > 1 && !(options.SharesJournal && others.Values.All(other => other.SharesJournal)))
        {
            problems.Add(
                "several control nodes, and not all keep their journal in PostgreSQL: each would have deployments of its own. Stop all of them but the first, move its journal with "
                + "'warp journal move', and set the same warp.persistence on each of them");
        }

        return problems.ToImmutable();
    }
}
