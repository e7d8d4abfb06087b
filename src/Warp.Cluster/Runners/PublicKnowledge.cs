using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>What control nodes told of public URLs, and when; immutable. The time is that of one clock that only goes forward.</summary>
internal sealed record PublicKnowledge
{
    private ImmutableDictionary<DeploymentName, Known> Deployments { get; init; } = ImmutableDictionary<DeploymentName, Known>.Empty;

    /// <summary>What is to be served: every deployment with a public service.</summary>
    public ImmutableArray<PublicRoutes> Routes => [.. Deployments.Values.Select(known => known.Routes).Where(routes => !routes.Services.IsEmpty)];

    /// <summary>As kept on disk.</summary>
    public static PublicKnowledge From(IEnumerable<PublicRoutes> stored, TimeSpan now) => stored.Aggregate(new PublicKnowledge(), (knowledge, routes) => knowledge.With(routes, now));

    /// <summary>
    /// Whether the message is the last word. One of an older version is late, unless its deployment was silent for so long that nothing can be under way any more: then somebody counts from
    /// the beginning.
    /// </summary>
    public bool Takes(PublicRoutes routes, TimeSpan now, TimeSpan lateFor) =>
        !Deployments.TryGetValue(routes.Deployment, out var known) || routes.Version >= known.Routes.Version || now - known.Heard > lateFor;

    /// <summary>Whether it says anything that is not known.</summary>
    public bool IsNews(PublicRoutes routes) => !Deployments.TryGetValue(routes.Deployment, out var known) || !Same(known.Routes, routes);

    /// <summary>With the last word on a deployment. That it has nothing public is remembered too, so that late messages stay late.</summary>
    public PublicKnowledge With(PublicRoutes routes, TimeSpan now) => this with { Deployments = Deployments.SetItem(routes.Deployment, new Known(routes, now)) };

    /// <summary>There is no such deployment.</summary>
    public PublicKnowledge Without(DeploymentName deployment) => this with { Deployments = Deployments.Remove(deployment) };

    /// <summary>The deployments that nobody told of for so long.</summary>
    public ImmutableArray<DeploymentName> Silent(TimeSpan now, TimeSpan since) => [.. Deployments.Where(known => now - known.Value.Heard > since).Select(known => known.Key)];

    private static bool Same(PublicRoutes one, PublicRoutes other) =>
        one with { Version = other.Version, Services = other.Services } == other && one.Services.Length == other.Services.Length && one.Services.Zip(other.Services, Same).All(same => same);

    private static bool Same(PublicService one, PublicService other) =>
        one with { Domains = other.Domains, Placements = other.Placements } == other && one.Domains.SequenceEqual(other.Domains, StringComparer.Ordinal) && one.Placements.SequenceEqual(other.Placements);

    private sealed record Known(PublicRoutes Routes, TimeSpan Heard);
}
