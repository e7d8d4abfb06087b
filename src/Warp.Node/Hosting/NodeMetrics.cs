using System.Collections.Immutable;
using System.Text.Json;
using Akka.Actor;
using Warp.Cluster.Containers;
using Warp.Cluster.Deployments;
using Warp.Node.Configuration;
using Warp.Node.Http;
using Warp.Node.Metrics;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>Everything that this node counts, read when somebody asks: nothing is gathered for nobody.</summary>
internal sealed class NodeMetrics(WarpSettings settings, FileCredentialSource credentials, IClusterAccess cluster, DataPlane dataPlane) : IMetricReader
{
    private readonly ClusterCounts _counts = new(settings.Metrics.MaxEdges);

    /// <summary>Counts what the actors of a system tell, for as long as it lives.</summary>
    public void Listen(ActorSystem system)
    {
        EventTap.Listen<ContainerRestarted>(system, "count-restarts", _counts.Add);
        EventTap.Listen<RolloutEnded>(system, "count-rollouts", _counts.Add);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<MetricFamily>> ReadAsync(CancellationToken cancellationToken) =>
    [
        MetricCatalog.BuildInfo.Of([new MetricPoint(1, NodeVersion.Text, settings.Node.Cluster, settings.Node.Runner.Value)]),
        MetricCatalog.CertificateEnd.Of(Certificates()),
        .. dataPlane.Traffic(),
        Denied(await dataPlane.Denials.ReadAsync(cancellationToken)),
        .. _counts.Read(),
        .. await ClusterMetrics.ReadAsync(cluster, cancellationToken),
        .. ProcessMetrics.Read(),
    ];

    private static MetricFamily Denied(DenialReport report) => MetricCatalog.Denied.Of(
        report.Counts.Select(count => new MetricPoint(count.Count, SnakeCase(count.Place), SnakeCase(count.Reason))));

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private IEnumerable<MetricPoint> Certificates() =>
    [
        new MetricPoint(End(credentials.Current), "node"),
        new MetricPoint(End(credentials.Tunnel.Current), "tunnel"),
    ];

    private static double End(NodeCredentials held) => new DateTimeOffset(held.Certificate.NotAfter).ToUnixTimeSeconds();
}
