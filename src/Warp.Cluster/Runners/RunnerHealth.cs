using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>What a runner's parts told of themselves; immutable.</summary>
internal sealed record RunnerHealth
{
    private const string EngineSource = "engine";

    private ProblemBoard Problems { get; init; } = ProblemBoard.Empty;

    private EngineInfo? Engine { get; init; }

    private ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>What the node proves itself with; null before it told.</summary>
    public RunnerCertificates? Certificates { get; init; }

    /// <summary>The links to the peers.</summary>
    public ImmutableArray<TunnelView> Tunnels { get; init; } = [];

    /// <summary>With one part's problems.</summary>
    public RunnerHealth With(string source, ImmutableArray<string> problems) => this with { Problems = Problems.With(source, problems) };

    /// <summary>The engine answers.</summary>
    public RunnerHealth With(EngineInventory inventory) => this with { Engine = inventory.Engine, Volumes = inventory.Volumes, Problems = Problems.With(EngineSource) };

    /// <summary>The engine does not answer.</summary>
    public RunnerHealth WithoutEngine(string message) => this with
    {
        Engine = null,
        Problems = Problems.With(EngineSource, $"the container engine does not answer: {message}"),
    };

    /// <summary>Whether these links are in the same states; counters do not count.</summary>
    public bool HasLinksLike(ImmutableArray<TunnelView> tunnels) =>
        Tunnels.Select(t => (t.Peer, t.State, t.Trunks, t.Problem)).SequenceEqual(tunnels.Select(t => (t.Peer, t.State, t.Trunks, t.Problem)));

    /// <summary>As it is reported.</summary>
    /// <param name="settings">Who the runner is.</param>
    /// <param name="deployments">What its agents told.</param>
    public RunnerStatus ToStatus(RunnerSettings settings, IReadOnlyCollection<AgentFacts> deployments) => new(
        settings.Self,
        settings.Tunnel,
        settings.Management,
        deployments.Sum(d => d.Instances.Length),
        Engine is not null,
        Engine?.Version,
        settings.Version,
        [.. Problems.All, .. deployments.OrderBy(d => d.Deployment.Value, StringComparer.Ordinal).SelectMany(ProblemsOf)],
        Tunnels,
        Volumes,
        Certificates,
        settings.Interception);

    private static IEnumerable<string> ProblemsOf(AgentFacts facts)
    {
        if (facts.Problem is { } problem)
        {
            yield return problem;
        }

        if (facts.Unknown)
        {
            yield return $"no control node knows the deployment '{facts.Deployment}'; its {facts.Instances.Length} containers are kept until it is deployed again, or removed by hand";
        }
    }
}
