using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>All that is kept of a deployment, for ever; it changes only through <see cref="IDeploymentEvent"/>s. It is its own snapshot.</summary>
/// <param name="Deployment">The name.</param>
/// <param name="Revision">Rises by one with each accepted wish, also over a removal; 0 when nothing was ever wished.</param>
/// <param name="Version">Of the <see cref="Assignment"/>; rises with each change of its content, also over a removal.</param>
/// <param name="Spec">The accepted wish; null before the first and after a finished removal.</param>
/// <param name="Removing">Whether it is being taken away.</param>
/// <param name="Services">In the spec's order.</param>
/// <param name="Retired">Services that are no longer wished, by name: should one come back, it has its address again and its generations go on rising.</param>
/// <param name="Runners">Every runner that had a placement and has not yet confirmed that it holds nothing any more; in order.</param>
/// <param name="Leaving">Services that are no longer wished and whose containers are not gone yet; never default.</param>
/// <param name="History">The last accepted revisions, the oldest first; empty when only a version of the program without rollouts wrote the journal. Never default.</param>
/// <param name="Requests">The last wishes that had an id, the oldest first; never default.</param>
/// <param name="Completed">Whether all of the accepted revision was serving once.</param>
/// <param name="Failure">When the accepted revision is one that was taken up again by itself: why the one before it failed, for a person; null otherwise.</param>
/// <param name="WishedSince">Since when the deployment is wished without a break; null when a version of the program without rollouts accepted it.</param>
internal sealed record DeploymentState(
    DeploymentName Deployment,
    long Revision,
    long Version,
    DeploymentSpec? Spec,
    bool Removing,
    ImmutableArray<ServiceState> Services,
    ImmutableArray<RetiredService> Retired,
    ImmutableArray<RunnerId> Runners,
    ImmutableArray<LeavingService> Leaving = default,
    ImmutableArray<RevisionRecord> History = default,
    ImmutableArray<AcceptedRequest> Requests = default,
    bool Completed = false,
    string? Failure = null,
    DateTimeOffset? WishedSince = null) : IWarpMessage
{
    /// <inheritdoc cref="DeploymentState"/>
    public ImmutableArray<LeavingService> Leaving { get; init; } = Leaving.IsDefault ? [] : Leaving;

    /// <inheritdoc cref="DeploymentState"/>
    public ImmutableArray<RevisionRecord> History { get; init; } = History.IsDefault ? [] : History;

    /// <inheritdoc cref="DeploymentState"/>
    public ImmutableArray<AcceptedRequest> Requests { get; init; } = Requests.IsDefault ? [] : Requests;

    /// <summary>Before the first wish.</summary>
    public static DeploymentState Initial(DeploymentName deployment) => new(deployment, 0, 0, null, false, [], [], []);

    /// <summary>Whether anything was ever wished; if not, this node has no say about containers that carry the name.</summary>
    public bool HasHistory => Revision > 0;

    /// <summary>Whether it was taken away completely.</summary>
    public bool IsRemoved => HasHistory && Spec is null;

    /// <summary>Whether it is wished now.</summary>
    public bool IsWanted => Spec is not null && !Removing;

    /// <summary>Whether all of what is wished is in place: then only time, a report, a wish, or a runner that comes or goes can bring anything about.</summary>
    public bool IsSettled => IsWanted && Completed;

    /// <summary>Each wished service with its spec, in the spec's order; only of a state with a spec.</summary>
    [JsonIgnore]
    public IEnumerable<(ServiceSpec Spec, ServiceState Service)> Wished => Spec!.Services.Zip(Services);

    /// <summary>Every placement there is, of wished services and of those that leave.</summary>
    [JsonIgnore]
    public IEnumerable<ServicePlacement> Placements => Services.SelectMany(service => service.Placements).Concat(Leaving.SelectMany(service => service.Placements));

    /// <summary>The instance that a placement makes.</summary>
    public InstanceId Instance(ServicePlacement placed) => new(Deployment, placed.Service, placed.Placement.Ordinal, placed.Placement.Generation);
}

/// <summary>One wished service.</summary>
/// <param name="Service">The name.</param>
/// <param name="IstAddress">Its address as long as it is wished.</param>
/// <param name="LastGeneration">The highest generation ever given to an instance of it; 0 before the first.</param>
/// <param name="Placements">Where it is to run, by ordinal and generation; several of one ordinal while an instance is replaced, empty while no runner can take it.</param>
/// <param name="SpecHash">The <see cref="ServiceSpecHash"/> of its wished spec; null when a version of the program without rollouts accepted the wish.</param>
/// <param name="FreshFrom">Placements of a lower generation are to be replaced although their spec is the wished one; 0 when none is.</param>
/// <param name="FormerSpec">What placements that are not of the wished spec run; null when there are none.</param>
/// <param name="SeenPort">What its image says about the port of the public URL; null until a runner has seen the image.</param>
internal sealed record ServiceState(
    ServiceName Service,
    Ipv4Address IstAddress,
    long LastGeneration,
    ImmutableArray<ServicePlacement> Placements,
    string? SpecHash = null,
    long FreshFrom = 0,
    ServiceSpec? FormerSpec = null,
    int? SeenPort = null);

/// <summary>A placement and what was placed.</summary>
/// <param name="Service">The service.</param>
/// <param name="Placement">Which generation, where, in which role. Its mark for a former spec is not kept, it follows from <paramref name="SpecHash"/>.</param>
/// <param name="SpecHash">The <see cref="ServiceSpecHash"/> at that time.</param>
/// <param name="Since">When it took its role; null when a version of the program without rollouts placed it.</param>
/// <param name="SinceVersion">The assignment's version with which it took its role.</param>
internal sealed record ServicePlacement(ServiceName Service, Placement Placement, string SpecHash, DateTimeOffset? Since = null, long SinceVersion = 0);

/// <summary>What is kept of a service that is no longer wished.</summary>
/// <param name="Service">The name.</param>
/// <param name="IstAddress">The address it had.</param>
/// <param name="LastGeneration">The highest generation it had.</param>
internal sealed record RetiredService(ServiceName Service, Ipv4Address IstAddress, long LastGeneration);

/// <summary>A service that is no longer wished while its connections and containers come to their end.</summary>
/// <param name="Spec">What was wished last.</param>
/// <param name="IstAddress">Its address.</param>
/// <param name="Placements">At least one; all of them retire.</param>
internal sealed record LeavingService(ServiceSpec Spec, Ipv4Address IstAddress, ImmutableArray<ServicePlacement> Placements);

/// <summary>A wish that had an id.</summary>
/// <param name="RequestId">The id.</param>
/// <param name="Revision">The revision that it made or found.</param>
internal sealed record AcceptedRequest(string RequestId, long Revision);
