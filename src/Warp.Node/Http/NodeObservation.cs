namespace Warp.Node.Http;

/// <summary>What a node can be asked of what it sees.</summary>
/// <param name="Metrics">What it counts.</param>
/// <param name="Flows">What passes between services.</param>
public sealed record NodeObservation(IMetricReader Metrics, IFlowReader Flows);
