using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Warp.Cluster.Identity;

namespace Warp.Node.Relay.Edges;

/// <summary>
/// Every edge of which this runner has the calling end. There are never more than the limit: what comes when it is full counts as one edge without names, and an edge that nobody used for
/// long makes room. A caller that tries the ports of a service one after the other takes no more than a few places. Asked once for each connection, never for a byte; thread-safe.
/// </summary>
/// <param name="limit">How many edges have names.</param>
/// <param name="forgetAfter">How long an edge without a connection is remembered.</param>
/// <param name="writers">How many counters each edge has, so that the loops do not share one.</param>
internal sealed class EdgeTable(int limit, TimeSpan forgetAfter, int writers)
{
    private const int PortsPerPair = 32;
    private const int ForgetEvery = 1000;
    private readonly Lock _gate = new();
    private readonly Dictionary<EdgeName, EdgeCell?[]> _edges = [];
    private readonly Dictionary<EdgeName, int> _ports = [];
    private readonly EdgeCell?[] _others = new EdgeCell?[writers];
    private long _nextForget;

    /// <summary>The counters of an edge for a writer.</summary>
    internal EdgeCell Of(in EdgeName name, int writer)
    {
        lock (_gate)
        {
            var cells = Find(name);
            var cell = cells[writer] ??= new EdgeCell();
            cell.Touch();
            return cell;
        }
    }

    /// <summary>All edges, in no order; the last one is what found no place, if there was such.</summary>
    internal ImmutableArray<EdgeView> Read()
    {
        lock (_gate)
        {
            Forget();
            var edges = _edges.Select(edge => new EdgeView(edge.Key.Deployment, CallerOf(edge.Key), edge.Key.Target, edge.Key.Port, Sum(edge.Value), Age(edge.Value)));
            return Array.TrueForAll(_others, static cell => cell is null) ? [.. edges] : [.. edges, new EdgeView(null, null, null, EdgeView.OtherPorts, Sum(_others), Age(_others))];
        }
    }

    private static ServiceName? CallerOf(in EdgeName name) => name.Caller == default ? null : name.Caller;

    private static EdgeCounts Sum(EdgeCell?[] cells) => cells.Aggregate(EdgeCounts.None, static (sum, cell) => cell?.AddTo(sum) ?? sum);

    private static TimeSpan Age(EdgeCell?[] cells) => TimeSpan.FromMilliseconds(Environment.TickCount64 - cells.Max(static cell => cell?.LastUsed ?? 0));

    private EdgeCell?[] Find(in EdgeName name)
    {
        if (_edges.TryGetValue(name, out var known))
        {
            return known;
        }

        var pair = name with { Port = EdgeView.OtherPorts };
        var ports = _ports.GetValueOrDefault(pair);
        if (ports >= PortsPerPair && name != pair)
        {
            return Find(pair);
        }

        if (_edges.Count >= limit)
        {
            Forget();
        }

        if (_edges.Count >= limit)
        {
            return _others;
        }

        _ports[pair] = ports + 1;
        return _edges[name] = new EdgeCell?[writers];
    }

    // Not for each connection of a table that is full.
    private void Forget()
    {
        if (Environment.TickCount64 < _nextForget)
        {
            return;
        }

        _nextForget = Environment.TickCount64 + ForgetEvery;
        foreach (var (name, cells) in _edges)
        {
            if (Age(cells) > forgetAfter && Array.TrueForAll(cells, static cell => cell is not { Open: > 0 }))
            {
                _edges.Remove(name);
                var pair = name with { Port = EdgeView.OtherPorts };
                if (--CollectionsMarshal.GetValueRefOrNullRef(_ports, pair) == 0)
                {
                    _ports.Remove(pair);
                }
            }
        }
    }
}

/// <summary>One edge.</summary>
/// <param name="Deployment">The deployment of both ends; null for all edges together that found no place.</param>
/// <param name="Caller">The calling service; null when it is the ingress.</param>
/// <param name="Target">The service called.</param>
/// <param name="Port">The port called; <see cref="OtherPorts"/> for all ports together that found no place.</param>
/// <param name="Counts">The numbers since it was seen first.</param>
/// <param name="Quiet">How long ago a connection began, ended or failed last.</param>
public sealed record EdgeView(DeploymentName? Deployment, ServiceName? Caller, ServiceName? Target, int Port, EdgeCounts Counts, TimeSpan Quiet)
{
    /// <summary>Stands for the ports that have no edge of their own.</summary>
    public const int OtherPorts = 0;
}
