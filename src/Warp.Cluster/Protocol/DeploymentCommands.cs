using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Protocol;

/// <summary>Asks for a deployment to be as the spec says; creates it or changes it. Answered by <see cref="DeploymentAccepted"/> once persisted, or by <see cref="DeploymentRejected"/>.</summary>
/// <param name="Spec">The validated spec.</param>
public sealed record ApplyDeployment(DeploymentSpec Spec) : IDeploymentMessage
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

/// <summary>One thing that is wrong with a spec.</summary>
/// <param name="Field">Path of the field in the document, such as <c>services[1].runner</c>.</param>
/// <param name="Message">What is wrong and what to do, for a person.</param>
public sealed record SpecProblem(string Field, string Message);

/// <summary>Asks for a deployment to be taken away: containers, network and routes; never volumes. Answered by <see cref="DeploymentRemoving"/> or <see cref="DeploymentNotFound"/>.</summary>
public sealed record RemoveDeployment(DeploymentName Deployment) : IDeploymentMessage;

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
public sealed record DeploymentView(
    DeploymentName Deployment, string Project, string Environment, long Revision, bool Removing, ImmutableArray<ServiceView> Services) : IWarpMessage;

/// <summary>One service of a <see cref="DeploymentView"/>.</summary>
/// <param name="Service">The name.</param>
/// <param name="Image">The image reference.</param>
/// <param name="IstAddress">The address for life.</param>
/// <param name="Port">Where the public URL leads; null until the image was seen and the spec names none.</param>
/// <param name="Instances">The placements; empty while no runner can take the service.</param>
/// <param name="Waiting">Why it is not placed, for a person; null when it is.</param>
public sealed record ServiceView(
    ServiceName Service, string Image, Ipv4Address IstAddress, int? Port, ImmutableArray<InstanceView> Instances, string? Waiting);

/// <summary>One placement of a <see cref="ServiceView"/>.</summary>
/// <param name="Ordinal">The replica's number.</param>
/// <param name="Generation">The placement's generation.</param>
/// <param name="Runner">Where.</param>
/// <param name="RunnerReachable">Whether the runner was heard of lately.</param>
/// <param name="Observed">What the runner reported last; null before the first report.</param>
public sealed record InstanceView(int Ordinal, long Generation, RunnerId Runner, bool RunnerReachable, InstanceObserved? Observed);
