using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Edges;

namespace Warp.Node.Metrics;

/// <summary>What passes between two services now.</summary>
/// <param name="Deployment">The deployment of both; null for all edges together that found no place.</param>
/// <param name="Caller">The calling service; null when it is the ingress.</param>
/// <param name="Target">The service called.</param>
/// <param name="Port">The port called; <see cref="EdgeView.OtherPorts"/> for all that have no edge of their own.</param>
/// <param name="InKernel">Connections open that the kernel carries by itself; nothing else is known of them.</param>
/// <param name="Counts">What the relay has counted since the edge was seen first.</param>
/// <param name="Rates">What it counts in a second.</param>
/// <param name="LastSeen">When a connection began, ended or failed last, or when bytes passed.</param>
public sealed record EdgeFlow(
    DeploymentName? Deployment, ServiceName? Caller, ServiceName? Target, int Port, int InKernel, EdgeCounts Counts, EdgeRates Rates, DateTimeOffset LastSeen);

/// <summary>Numbers for a second.</summary>
/// <param name="Connects">Connections that the target took.</param>
/// <param name="Failures">Connections that failed.</param>
/// <param name="BytesSent">Payload bytes of callers.</param>
/// <param name="BytesReceived">Payload bytes to callers.</param>
public sealed record EdgeRates(double Connects, double Failures, double BytesSent, double BytesReceived)
{
    /// <summary>Nothing passes.</summary>
    public static EdgeRates None { get; } = new(0, 0, 0, 0);

    /// <summary>From two looks at the same edge. One that was forgotten between them began anew.</summary>
    public static EdgeRates Between(EdgeCounts before, EdgeCounts after, TimeSpan apart)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return new EdgeRates(
            Rate(before.Connected, after.Connected),
            Rate(before.Failures.Sum(), after.Failures.Sum()),
            Rate(before.BytesSent, after.BytesSent),
            Rate(before.BytesReceived, after.BytesReceived));

        double Rate(long from, long to) => Math.Round((to >= from ? to - from : to) / apart.TotalSeconds, 1);
    }
}

/// <summary>A connection that the kernel carries between two containers of this runner.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Target">The target.</param>
/// <param name="Port">The port.</param>
/// <param name="Open">How many.</param>
internal sealed record KernelFlow(InstanceId Caller, InstanceId Target, int Port, int Open);

/// <summary>Puts together what the relay and the kernel tell.</summary>
internal static class EdgeFlows
{
    /// <summary>The busiest first.</summary>
    public static ImmutableArray<EdgeFlow> Of(ImmutableArray<EdgeView> before, ImmutableArray<EdgeView> after, TimeSpan apart, IEnumerable<KernelFlow> kernel, DateTimeOffset now)
    {
        var earlier = before.ToDictionary(Key, edge => edge.Counts);
        var carried = kernel.GroupBy(flow => new EdgeKey(flow.Caller.Deployment, flow.Caller.Service, flow.Target.Service, flow.Port)).ToDictionary(flows => flows.Key, flows => flows.Sum(flow => flow.Open));
        var relayed = after.Select(edge =>
        {
            var rates = EdgeRates.Between(earlier.GetValueOrDefault(Key(edge), EdgeCounts.None), edge.Counts, apart);
            var lastSeen = rates == EdgeRates.None ? now - edge.Quiet : now;
            return new EdgeFlow(edge.Deployment, edge.Caller, edge.Target, edge.Port, carried.Remove(Key(edge), out var open) ? open : 0, edge.Counts, rates, lastSeen);
        }).ToArray();
        var others = carried.Select(one => new EdgeFlow(one.Key.Deployment, one.Key.Caller, one.Key.Target, one.Key.Port, one.Value, EdgeCounts.None, EdgeRates.None, now));
        return [.. relayed.Concat(others).OrderByDescending(flow => flow.Rates.BytesSent + flow.Rates.BytesReceived).ThenByDescending(flow => flow.Counts.Open + flow.InKernel)];
    }

    private static EdgeKey Key(EdgeView edge) => new(edge.Deployment, edge.Caller, edge.Target, edge.Port);

    private readonly record struct EdgeKey(DeploymentName? Deployment, ServiceName? Caller, ServiceName? Target, int Port);
}
