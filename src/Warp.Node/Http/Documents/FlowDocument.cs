using System.Collections.Immutable;
using System.Text.Json;
using Warp.Node.Metrics;
using Warp.Node.Relay.Edges;

namespace Warp.Node.Http.Documents;

/// <summary>What passes between two services, as the caller's runner counts it; see <see cref="EdgeFlow"/>.</summary>
internal sealed record FlowDocument(
    string Runner,
    string? Deployment,
    string? Caller,
    string? Target,
    int? Port,
    long Open,
    int InKernel,
    double ConnectsPerSecond,
    double FailuresPerSecond,
    double SentPerSecond,
    double ReceivedPerSecond,
    long Connects,
    ImmutableSortedDictionary<string, long> Failures,
    long BytesSent,
    long BytesReceived,
    DateTimeOffset LastSeen)
{
    public static FlowDocument From(string runner, EdgeFlow flow) => new(
        runner,
        flow.Deployment?.Value,
        flow.Caller?.Value,
        flow.Target?.Value,
        flow.Port == EdgeView.OtherPorts ? null : flow.Port,
        flow.Counts.Open,
        flow.InKernel,
        flow.Rates.Connects,
        flow.Rates.Failures,
        flow.Rates.BytesSent,
        flow.Rates.BytesReceived,
        flow.Counts.Connected,
        flow.Counts.Failures.Select((count, reason) => (Reason: JsonNamingPolicy.CamelCase.ConvertName($"{(EdgeFailure)reason}"), Count: count))
            .Where(failure => failure.Count > 0).ToImmutableSortedDictionary(failure => failure.Reason, failure => failure.Count, StringComparer.Ordinal),
        flow.Counts.BytesSent,
        flow.Counts.BytesReceived,
        flow.LastSeen);
}

/// <summary>Somebody who was refused; see <see cref="DeniedAttempt"/>.</summary>
internal sealed record DeniedDocument(string Runner, string Place, string? Reason, string Caller, string? Target, DateTimeOffset? Last, long Times);

/// <summary>Who talks to whom.</summary>
/// <param name="Flows">Every edge, the busiest of each runner first.</param>
/// <param name="Denied">Who was refused lately.</param>
/// <param name="Problems">What is missing, for a person.</param>
internal sealed record FlowListDocument(ImmutableArray<FlowDocument> Flows, ImmutableArray<DeniedDocument> Denied, ImmutableArray<string> Problems);
