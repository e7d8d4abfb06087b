using System.Collections.Immutable;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Node.Routing;

namespace Warp.Node.Interception.Rules;

/// <summary>
/// What the table's sets and maps have to contain for a snapshot of the routes: the parts of its deployments and of its host, of which no two have an element or a map's key in common.
/// Never changes once built; the next one takes over the parts that stay the same, so that a change of one deployment costs the same however many others there are.
/// </summary>
internal sealed class RuleSetModel
{
    private readonly RunnerId? _self;
    private readonly ImmutableArray<DeploymentElements> _deployments;
    private readonly ElementLists _host;
    private readonly ImmutableHashSet<SetElement> _claims;
    private readonly bool _isContested;

    private RuleSetModel(
        RunnerId? self, ImmutableArray<DeploymentElements> deployments, ElementLists host, ImmutableHashSet<SetElement> claims, bool isContested) =>
        (_self, _deployments, _host, _claims, _isContested) = (self, deployments, host, claims, isContested);

    /// <summary>The model of no deployments.</summary>
    public static RuleSetModel Empty { get; } = new(null, [], new ElementLists(), [], isContested: false);

    /// <summary>Whether any bridge of ours is known.</summary>
    public bool HasBridges => !_claims.IsEmpty || _host[SetSchema.Bridges].Count > 0;

    private IEnumerable<ElementLists> Parts => _deployments.Select(part => part.Elements).Append(_host);

    /// <summary>All elements of a set.</summary>
    public HashSet<SetElement> this[SetSchema set] => [.. Parts.SelectMany(part => part[set])];

    /// <summary>Whether a bridge is ours.</summary>
    public bool HasBridge(string name) => _claims.Contains(new SetElement(name)) || _host[SetSchema.Bridges].Contains(new SetElement(name));

    /// <summary>Computes the model of another snapshot. What contradicts the rest of its snapshot gets no elements, so that it fails closed; of two that claim the same, the first has it.</summary>
    /// <param name="routes">The snapshot.</param>
    /// <param name="hostBridges">Bridges of ours on the host, also such that the snapshot does not name (yet, or any more): they are guarded, and lead nowhere.</param>
    /// <exception cref="InterceptionException">A bridge has a name that no bridge of ours can have.</exception>
    public RuleSetModel Next(RunnerRoutes routes, IReadOnlyCollection<string> hostBridges)
    {
        // Who is first is seen only by looking at all of them, so what is contested is built from nothing, before and after.
        var next = (_isContested || _self != routes.Self ? Empty : this).With(routes, hostBridges);
        return next._isContested ? Empty.With(routes, hostBridges) : next;
    }

    /// <summary>The parts of deployments and host that the other model does not have.</summary>
    public IReadOnlyList<ElementLists> PartsNotIn(RuleSetModel other)
    {
        var unshared = SharedEnds.Of(_deployments, other._deployments, ReferenceEquals);
        return [.. unshared.In(_deployments).Except(unshared.In(other._deployments)).Select(part => part.Elements), _host];
    }

    private RuleSetModel With(RunnerRoutes routes, IReadOnlyCollection<string> hostBridges)
    {
        // Snapshots are in the order of names: what changed lies between two long runs of what did not.
        var unshared = SharedEnds.Of(_deployments, routes.Deployments, (part, deployment) => RouteComparison.IsSame(part.Routes, deployment));
        var before = unshared.In(_deployments).ToLookup(part => part.Routes.Deployment);
        var kept = unshared.In(routes.Deployments).Select(deployment => before[deployment.Deployment].FirstOrDefault(part => RouteComparison.IsSame(part.Routes, deployment))).ToList();
        var claims = _claims.ToBuilder();
        foreach (var gone in unshared.In(_deployments).Except(kept))
        {
            claims.ExceptWith(gone!.Claims);
        }

        var changed = unshared.In(routes.Deployments).Zip(kept, (deployment, part) => part ?? DeploymentElements.Of(deployment, routes.Self, claims.Add)).ToList();
        return new RuleSetModel(
            routes.Self,
            [.. _deployments.AsSpan(0, unshared.Leading), .. changed, .. _deployments.AsSpan(_deployments.Length - unshared.Trailing, unshared.Trailing)],
            Host(routes, hostBridges.Where(bridge => !claims.Contains(new SetElement(bridge)))),
            claims.ToImmutable(),
            changed.Exists(part => part.LacksClaims));
    }

    private static ElementLists Host(RunnerRoutes routes, IEnumerable<string> unnamedBridges)
    {
        var host = new ElementLists();
        foreach (var bridge in unnamedBridges.Distinct(StringComparer.Ordinal))
        {
            host.PutBridge(bridge);
        }

        var peers = routes.Peers.Where(peer => peer.Runner != routes.Self).SelectMany(peer => new[] { peer.Tunnel.Host, peer.Management.Host });
        foreach (var runner in peers.Distinct(StringComparer.Ordinal))
        {
            if (Ipv4Address.TryParse(runner, out var address))
            {
                host.Put(SetSchema.Runners, new("", address));
            }
        }

        return host;
    }
}
