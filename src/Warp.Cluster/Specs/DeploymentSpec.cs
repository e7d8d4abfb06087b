using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Specs;

/// <summary>What a user wants: a deployment and its services. Only a spec that passed <c>SpecValidator</c> reaches an actor.</summary>
/// <param name="Name">The deployment's name, unique in the cluster.</param>
/// <param name="Project">The project it belongs to; a label (<c>WARP_PROJECT</c>), "default" when the user says nothing.</param>
/// <param name="Environment">The environment, such as "production"; a label (<c>WARP_ENV</c>), "default" when the user says nothing.</param>
/// <param name="Services">1 to 200 services with distinct names.</param>
public sealed record DeploymentSpec(DeploymentName Name, string Project, string Environment, ImmutableArray<ServiceSpec> Services);

/// <summary>One service: a container image and how it is run.</summary>
/// <param name="Name">The service's name, unique in the deployment.</param>
/// <param name="Image">The image reference as the engine takes it, such as <c>postgres:15</c>.</param>
/// <param name="Pull">When the image is pulled.</param>
/// <param name="Args">Overrides the image's CMD; empty keeps it.</param>
/// <param name="Variables">Environment variables of the container; never null.</param>
/// <param name="Port"><c>deployment.port</c>: where the public URL leads, 1 to 65535; null: the image's single EXPOSEd TCP port, else 8080.</param>
/// <param name="Runner">Where it has to run; null lets the placement choose.</param>
/// <param name="StopGraceSeconds">Between SIGTERM and SIGKILL, 0 to 3600 s.</param>
public sealed record ServiceSpec(
    ServiceName Name,
    string Image,
    PullPolicy Pull,
    ImmutableArray<string> Args,
    ImmutableSortedDictionary<string, string> Variables,
    int? Port,
    RunnerId? Runner,
    int StopGraceSeconds);

/// <summary>When an image is pulled from its registry.</summary>
public enum PullPolicy
{
    /// <summary>Only when the runner does not have it.</summary>
    Missing,

    /// <summary>Before each new placement.</summary>
    Always,

    /// <summary>Never: it must be on the runner.</summary>
    Never,
}
