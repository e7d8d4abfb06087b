using Warp.Cluster.Endpoints;

namespace Warp.Node.Routing;

/// <summary>Whether two snapshots say the same of a deployment. What did not change is mostly the same object; after a restart of the actor system it is not.</summary>
internal static class RouteComparison
{
    /// <summary>Whether everything is equal.</summary>
    internal static bool IsSame(DeploymentRoutes one, DeploymentRoutes other) =>
        ReferenceEquals(one, other)
        || (one with { Services = other.Services } == other && one.Services.AsSpan().SequenceEqual(other.Services.AsSpan(), ServiceComparer.Instance));

    // What is compared by itself are the lists; the records compare the rest, also what they may get one day.
    private sealed class ServiceComparer : IEqualityComparer<ServiceRoute>
    {
        internal static readonly ServiceComparer Instance = new();

        public bool Equals(ServiceRoute? x, ServiceRoute? y) =>
            ReferenceEquals(x, y)
            || (x is not null && y is not null && x with { Instances = y.Instances } == y && x.Instances.AsSpan().SequenceEqual(y.Instances.AsSpan()));

        public int GetHashCode(ServiceRoute obj) => obj.Service.GetHashCode();
    }
}
