using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Protocol;

/// <summary>
/// Asks for a deployment to be as the spec says; creates it or changes it. Answered by <see cref="DeploymentAccepted"/> once persisted, or by <see cref="DeploymentRejected"/> or
/// <see cref="DeploymentConflict"/>.
/// </summary>
/// <param name="Spec">The validated spec.</param>
/// <param name="ExpectedRevision">Refused with a conflict unless this is the revision now (0: there is no such deployment); null: whatever it is.</param>
/// <param name="RequestId">At most 64 characters; a wish with an id that was accepted before is answered and does nothing; null for none.</param>
public sealed record ApplyDeployment(DeploymentSpec Spec, long? ExpectedRevision = null, string? RequestId = null) : IDeploymentMessage
{
    /// <inheritdoc/>
    public DeploymentName Deployment => Spec.Name;
}

/// <summary>The wish is persisted; bringing it about goes on for ever.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Revision">Rises by one with each accepted change, from 1; the same number as before when nothing changed.</param>
/// <param name="Changed">False when the spec equals the accepted one.</param>
/// <param name="View">The state right after.</param>
public sealed record DeploymentAccepted(DeploymentName Deployment, long Revision, bool Changed, DeploymentView View) : IWarpMessage;

/// <summary>The wish was refused; nothing was changed.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Problems">At least one.</param>
public sealed record DeploymentRejected(DeploymentName Deployment, ImmutableArray<SpecProblem> Problems) : IWarpMessage;

/// <summary>The wish was made for another revision than the one that is accepted now; nothing was changed.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Revision">The accepted revision; 0 when there is no such deployment.</param>
public sealed record DeploymentConflict(DeploymentName Deployment, long Revision) : IWarpMessage;

/// <summary>
/// A wish that changes one thing of an accepted deployment. Answered by <see cref="DeploymentAccepted"/> once persisted, or by <see cref="DeploymentRejected"/>,
/// <see cref="DeploymentConflict"/> or <see cref="DeploymentNotFound"/>.
/// </summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Change">What to change.</param>
/// <param name="ExpectedRevision">As in <see cref="ApplyDeployment"/>.</param>
/// <param name="RequestId">As in <see cref="ApplyDeployment"/>.</param>
public sealed record ChangeDeployment(DeploymentName Deployment, DeploymentChange Change, long? ExpectedRevision = null, string? RequestId = null) : IDeploymentMessage;

/// <summary>What a <see cref="ChangeDeployment"/> changes.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(MoveService), "move")]
[JsonDerivedType(typeof(ScaleService), "scale")]
[JsonDerivedType(typeof(RestartServices), "restart")]
[JsonDerivedType(typeof(RollBack), "rollback")]
public abstract record DeploymentChange;

/// <summary>The service is to run on another runner, at the same address. Its spec names that runner from then on.</summary>
public sealed record MoveService(ServiceName Service, RunnerId Runner) : DeploymentChange;

/// <summary>The service is to have so many instances, 1 to 100.</summary>
public sealed record ScaleService(ServiceName Service, int Replicas) : DeploymentChange;

/// <summary>Every instance is to be replaced by a new one of the same spec.</summary>
/// <param name="Service">Of this service; null: of all.</param>
public sealed record RestartServices(ServiceName? Service) : DeploymentChange;

/// <summary>The deployment is to be as it was at an earlier revision; this makes a new one.</summary>
/// <param name="Revision">The revision to go back to, one of <see cref="DeploymentHistory"/>; null: the last that was rolled out completely before the present one.</param>
/// <param name="Project">Refused when the deployment belonged to another project then; null: whatever it was.</param>
public sealed record RollBack(long? Revision, string? Project = null) : DeploymentChange;

/// <summary>Asks what a wish would change, without changing anything. Answered by <see cref="DeploymentPlanned"/> or <see cref="DeploymentRejected"/>.</summary>
/// <param name="Spec">The validated spec.</param>
public sealed record PlanDeployment(DeploymentSpec Spec) : IDeploymentMessage
{
    /// <inheritdoc/>
    public DeploymentName Deployment => Spec.Name;
}

/// <summary>What a wish would change.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Revision">The accepted revision now; 0 when there is no such deployment.</param>
/// <param name="Services">The services that would be touched, in the wish's order, then those that would go; empty when nothing would change.</param>
public sealed record DeploymentPlanned(DeploymentName Deployment, long Revision, ImmutableArray<ServicePlanned> Services) : IWarpMessage;

/// <summary>What would happen to a service.</summary>
/// <param name="Service">The name.</param>
/// <param name="Action">What.</param>
/// <param name="Reasons">Which fields differ and how, for a person; values of variables are never shown.</param>
/// <param name="Runners">Where its instances would be, by ordinal; empty when it goes, or when no runner can take it now.</param>
public sealed record ServicePlanned(ServiceName Service, PlannedAction Action, ImmutableArray<string> Reasons, ImmutableArray<RunnerId> Runners);

/// <summary>Kinds of <see cref="ServicePlanned"/>.</summary>
public enum PlannedAction
{
    /// <summary>It is new.</summary>
    Create,

    /// <summary>Each instance is replaced, the new one first.</summary>
    Replace,

    /// <summary>Each instance is stopped, then replaced, because of a volume that it writes.</summary>
    StopAndReplace,

    /// <summary>It goes to another runner.</summary>
    Move,

    /// <summary>Instances are added or taken away.</summary>
    Scale,

    /// <summary>Nothing restarts: only what the platform does with it changes.</summary>
    Update,

    /// <summary>It is taken away.</summary>
    Remove,
}

/// <summary>Asks for the accepted revisions; answered by <see cref="DeploymentHistory"/> or <see cref="DeploymentNotFound"/>.</summary>
public sealed record GetDeploymentHistory(DeploymentName Deployment) : IDeploymentMessage;

/// <summary>The last accepted revisions, the newest first; those that are kept can be rolled back to.</summary>
public sealed record DeploymentHistory(DeploymentName Deployment, ImmutableArray<RevisionView> Revisions) : IWarpMessage;

/// <summary>One accepted revision.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="AcceptedAt">When.</param>
/// <param name="Reason">What made it, for a person, such as "deploy" or "rolled back from 7: app is not ready after 60 s".</param>
/// <param name="Completed">Whether all of it was serving once.</param>
/// <param name="Images">Each service's image, in the spec's order.</param>
public sealed record RevisionView(long Revision, DateTimeOffset AcceptedAt, string Reason, bool Completed, ImmutableArray<ServiceImage> Images);

/// <summary>A service and its image.</summary>
public sealed record ServiceImage(ServiceName Service, string Image);

/// <summary>One thing that is wrong with a spec.</summary>
/// <param name="Field">Path of the field in the document, such as <c>services[1].runner</c>.</param>
/// <param name="Message">What is wrong and what to do, for a person.</param>
public sealed record SpecProblem(string Field, string Message);

/// <summary>
/// Asks for a deployment to be taken away: containers, network and routes; never volumes. Answered by <see cref="DeploymentRemoving"/>, <see cref="DeploymentNotFound"/> or
/// <see cref="DeploymentConflict"/>.
/// </summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="ExpectedRevision">As in <see cref="ApplyDeployment"/>; one that is being removed already has no revision to differ from.</param>
public sealed record RemoveDeployment(DeploymentName Deployment, long? ExpectedRevision = null) : IDeploymentMessage;

/// <summary>The removal is persisted and goes on.</summary>
public sealed record DeploymentRemoving(DeploymentName Deployment) : IWarpMessage;

/// <summary>No such deployment (never made, or removed).</summary>
public sealed record DeploymentNotFound(DeploymentName Deployment) : IWarpMessage;

/// <summary>Asks for the state; answered by <see cref="DeploymentView"/> or <see cref="DeploymentNotFound"/>.</summary>
public sealed record GetDeployment(DeploymentName Deployment) : IDeploymentMessage;

/// <summary>Asks the catalog of a control node for all deployments; answered by <see cref="DeploymentList"/>.</summary>
public sealed record ListDeployments : IWarpMessage;

/// <summary>The deployments known, ordered by name.</summary>
public sealed record DeploymentList(ImmutableArray<DeploymentView> Deployments) : IWarpMessage;

/// <summary>What can be seen of a deployment: wish and reality side by side.</summary>
/// <param name="Deployment">The name.</param>
/// <param name="Project">The project label.</param>
/// <param name="Environment">The environment label.</param>
/// <param name="Revision">The accepted revision.</param>
/// <param name="Removing">Whether it is being taken away.</param>
/// <param name="Services">In the spec's order.</param>
/// <param name="Rollout">How far the accepted revision is.</param>
/// <param name="Outcome">For a person: why the last rollout was rolled back, or what it waits for; null when there is nothing to say.</param>
public sealed record DeploymentView(
    DeploymentName Deployment,
    string Project,
    string Environment,
    long Revision,
    bool Removing,
    ImmutableArray<ServiceView> Services,
    RolloutState Rollout = RolloutState.Progressing,
    string? Outcome = null) : IWarpMessage;

/// <summary>How far a revision is.</summary>
public enum RolloutState
{
    /// <summary>Not every instance serves yet.</summary>
    Progressing,

    /// <summary>Every instance serves and no old one is left to drain.</summary>
    Completed,

    /// <summary>A revision failed and the one before it was taken up again; that is in place.</summary>
    RolledBack,
}

/// <summary>One service of a <see cref="DeploymentView"/>.</summary>
/// <param name="Service">The name.</param>
/// <param name="Image">The image reference.</param>
/// <param name="IstAddress">The address for life.</param>
/// <param name="Port">Where the public URL leads; null until the image was seen and the spec names none.</param>
/// <param name="Instances">The placements; empty while no runner can take the service.</param>
/// <param name="Waiting">Why it is not placed, for a person; null when it is.</param>
/// <param name="Replicas">How many instances are wished.</param>
/// <param name="Public">Whether the public URL leads to it.</param>
/// <param name="BaseUrl">The id of the base domain; null for the default one.</param>
/// <param name="Domains">Further host names; never default.</param>
public sealed record ServiceView(
    ServiceName Service,
    string Image,
    Ipv4Address IstAddress,
    int? Port,
    ImmutableArray<InstanceView> Instances,
    string? Waiting,
    int Replicas = 1,
    bool Public = true,
    string? BaseUrl = null,
    ImmutableArray<string> Domains = default)
{
    /// <inheritdoc cref="ServiceView"/>
    public ImmutableArray<string> Domains { get; init; } = Domains.IsDefault ? [] : Domains;
}

/// <summary>One placement of a <see cref="ServiceView"/>.</summary>
/// <param name="Ordinal">The replica's number.</param>
/// <param name="Generation">The placement's generation.</param>
/// <param name="Runner">Where.</param>
/// <param name="RunnerReachable">Whether the runner was heard of lately.</param>
/// <param name="Observed">What the runner reported last; null before the first report.</param>
/// <param name="Role">Its part in the service.</param>
/// <param name="Stays">Why it does not leave its runner, which is being drained or is away, for a person; null when it does, or when the runner is well.</param>
public sealed record InstanceView(
    int Ordinal, long Generation, RunnerId Runner, bool RunnerReachable, InstanceObserved? Observed, PlacementRole Role = PlacementRole.Serving, string? Stays = null);
