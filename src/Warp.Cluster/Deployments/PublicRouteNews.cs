using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>Remembers which public routes were told last, so that runners hear of a change and not of each new version. Belongs to one actor.</summary>
internal sealed class PublicRouteNews
{
    private PublicRoutes? _told;

    /// <summary>The routes by the state, when they say something else than the last ones that were taken.</summary>
    /// <returns>Null when they say the same.</returns>
    public PublicRoutes? Take(DeploymentState state)
    {
        var routes = PublicRoutePlan.Of(state);
        if (_told is not null && Same(_told, routes))
        {
            return null;
        }

        _told = routes;
        return routes;
    }

    private static bool Same(PublicRoutes left, PublicRoutes right) => left.Services.SequenceEqual(right.Services, ByContent.Instance);

    private sealed class ByContent : IEqualityComparer<PublicService>
    {
        public static ByContent Instance { get; } = new();

        public bool Equals(PublicService? x, PublicService? y) =>
            x is not null && y is not null
            && x with { Domains = y.Domains, Placements = y.Placements } == y
            && x.Domains.SequenceEqual(y.Domains, StringComparer.Ordinal)
            && x.Placements.SequenceEqual(y.Placements);

        public int GetHashCode(PublicService obj) => obj.Service.GetHashCode();
    }
}
