using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Documents;

/// <summary>
/// A deployment as the API shows it; see <see cref="DeploymentView"/> for the meaning of each field. <c>Changed</c> is there only in the answer to a PUT:
/// whether the document differed from the accepted one.
/// </summary>
internal sealed record DeploymentDocument(
    string Name,
    string Project,
    string Environment,
    long Revision,
    bool Removing,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Changed,
    ImmutableArray<ServiceDocument> Services)
{
    public static DeploymentDocument From(DeploymentView view, bool? changed = null) => new(
        view.Deployment.Value, view.Project, view.Environment, view.Revision, view.Removing, changed, [.. view.Services.Select(ServiceDocument.From)]);
}

/// <summary>One service of a <see cref="DeploymentDocument"/>.</summary>
internal sealed record ServiceDocument(string Name, string Image, string IstAddress, int? Port, string? Waiting, ImmutableArray<InstanceDocument> Instances)
{
    public static ServiceDocument From(ServiceView view) => new(
        view.Service.Value, view.Image, view.IstAddress.ToString(), view.Port, view.Waiting, [.. view.Instances.Select(InstanceDocument.From)]);
}

/// <summary>One instance; what its runner reported about an older generation is not shown as its own.</summary>
internal sealed record InstanceDocument(
    int Ordinal,
    long Generation,
    string Runner,
    bool RunnerReachable,
    InstancePhase Phase,
    string? ContainerId,
    string? ContainerAddress,
    DateTimeOffset? StartedAt,
    int Restarts,
    int? ImagePort,
    string? Cause)
{
    public static InstanceDocument From(InstanceView view)
    {
        var seen = view.Observed is { } observed && observed.Instance.Generation == view.Generation ? observed : null;
        return new(
            view.Ordinal,
            view.Generation,
            view.Runner.Value,
            view.RunnerReachable,
            seen?.Phase ?? InstancePhase.Pending,
            seen?.ContainerId,
            seen?.ContainerAddress?.ToString(),
            seen?.StartedAt,
            seen?.Restarts ?? 0,
            seen?.ImagePort,
            seen?.Cause);
    }
}

/// <summary>All deployments, ordered by name.</summary>
internal sealed record DeploymentListDocument(ImmutableArray<DeploymentDocument> Deployments);

/// <summary>The answer to a removal.</summary>
internal sealed record RemovalDocument(string Name, bool Removing);
