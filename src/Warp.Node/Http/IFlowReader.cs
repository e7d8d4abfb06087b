using System.Collections.Immutable;
using Warp.Node.Metrics;

namespace Warp.Node.Http;

/// <summary>Tells what passes between services now.</summary>
public interface IFlowReader
{
    /// <summary>Looks for a second.</summary>
    Task<FlowReport> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What passes.</summary>
/// <param name="Flows">The busiest first.</param>
/// <param name="Problem">Why what the kernel carries by itself is missing; null when it is not.</param>
public sealed record FlowReport(ImmutableArray<EdgeFlow> Flows, string? Problem);
