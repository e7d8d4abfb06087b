using Warp.Cluster.Identity;
using Warp.Node.Http;
using Warp.Node.Metrics;
using Warp.Node.Relay.Edges;

namespace Warp.Node.Tests.Http;

/// <summary>A runner through which passes what the test says.</summary>
internal sealed class ScriptedFlows : IFlowReader
{
    public FlowReport Report { get; set; } = new([Flow("app", "db")], Problem: null);

    public static EdgeFlow Flow(string caller, string target) => new(
        Views.Shop, ServiceName.Parse(caller), ServiceName.Parse(target), 5432, InKernel: 2, EdgeCounts.None with { Open = 1, BytesSent = 7 }, new EdgeRates(1, 0, 12_000, 30_000_000), Views.Noon);

    public Task<FlowReport> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Report);
}
