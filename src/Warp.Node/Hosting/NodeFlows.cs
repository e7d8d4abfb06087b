using System.Diagnostics;
using Warp.Node.Http;
using Warp.Node.Interception;
using Warp.Node.Metrics;
using Warp.Node.Relay;
using Warp.Node.Routing;

namespace Warp.Node.Hosting;

/// <summary>What passes between services here: two looks at the relay's counters, and one at the kernel's connections.</summary>
internal sealed class NodeFlows(RelayEngine relay, RouteHolder routes) : IFlowReader
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<FlowReport> ReadAsync(CancellationToken cancellationToken)
    {
        var (before, begun) = (relay.Edges(), Stopwatch.GetTimestamp());
        await Task.Delay(Window, cancellationToken);
        var (kernel, problem) = await Task.Run(ReadKernel, cancellationToken);
        return new FlowReport(EdgeFlows.Of(before, relay.Edges(), Stopwatch.GetElapsedTime(begun), kernel, DateTimeOffset.UtcNow), problem);
    }

    // A connection that the relay took is answered by the host, which is no container.
    private (KernelFlow[] Flows, string? Problem) ReadKernel()
    {
        try
        {
            var flows = from way in KernelConnections.Read()
                        let caller = routes.FindCaller(way.Key.Caller)
                        let target = routes.FindCaller(way.Key.Answering)
                        where caller is not null && target is not null && caller.Deployment == target.Deployment
                        select new KernelFlow(caller, target, way.Key.Port, way.Value);
            return ([.. flows], null);
        }
        catch (InterceptionException failure)
        {
            return ([], failure.Message);
        }
    }
}
