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
/// <param name="Replicas">How many instances share the service's IST address, 1 to 100.</param>
/// <param name="Health">How it is told that an instance may take connections; null: it runs, and the image's single EXPOSEd TCP port, if there is one, accepts or half a minute has passed.</param>
/// <param name="Resources">What the container may use; null: as much as the host gives.</param>
/// <param name="Restart">What follows when the container ends by itself.</param>
/// <param name="Public">Whether the public URL leads to the service.</param>
/// <param name="BaseUrl"><c>deployment.baseUrl.id</c>: which of the cluster's base domains the public URL is under; null: the default one.</param>
/// <param name="Domains">Further host names of the public URL, lower case; never default.</param>
/// <param name="ConnectHoldSeconds">How long a new connection waits while the service is between two places or starts again, 0 to 60 s.</param>
/// <param name="DrainSeconds">How long the connections of an instance that is replaced or moved may go on, 0 to 3600 s.</param>
/// <param name="Volumes">The volumes that each instance needs; never default.</param>
public sealed record ServiceSpec(
    ServiceName Name,
    string Image,
    PullPolicy Pull,
    ImmutableArray<string> Args,
    ImmutableSortedDictionary<string, string> Variables,
    int? Port,
    RunnerId? Runner,
    int StopGraceSeconds,
    int Replicas = 1,
    HealthCheck? Health = null,
    ResourceLimits? Resources = null,
    RestartPolicy Restart = RestartPolicy.Always,
    bool Public = true,
    string? BaseUrl = null,
    ImmutableArray<string> Domains = default,
    int ConnectHoldSeconds = ServiceSpec.DefaultConnectHoldSeconds,
    int DrainSeconds = ServiceSpec.DefaultDrainSeconds,
    ImmutableArray<VolumeNeed> Volumes = default)
{
    /// <summary>Seconds that a new connection waits when nothing else is said.</summary>
    public const int DefaultConnectHoldSeconds = 10;

    /// <summary>Seconds that the connections of an old instance may go on when nothing else is said.</summary>
    public const int DefaultDrainSeconds = 30;

    /// <inheritdoc cref="ServiceSpec"/>
    public ImmutableArray<string> Domains { get; init; } = Domains.IsDefault ? [] : Domains;

    /// <inheritdoc cref="ServiceSpec"/>
    public ImmutableArray<VolumeNeed> Volumes { get; init; } = Volumes.IsDefault ? [] : Volumes;

    /// <summary>Whether a new instance may not run beside the old one: two writers of one volume are never wanted.</summary>
    public bool StopsFirst => Volumes.Any(volume => !volume.ReadOnly);
}

/// <summary>How it is told that an instance is well.</summary>
/// <param name="Kind">What is tried.</param>
/// <param name="Port">TCP port in the container, 1 to 65535; null: the service's public port. Unused for a command.</param>
/// <param name="Path">Path and query of the HTTP request, beginning with a slash; a status of 200 to 399 is well. Unused otherwise.</param>
/// <param name="Command">The program and its arguments, run inside the container; exit code 0 is well. Empty otherwise, never default.</param>
/// <param name="IntervalSeconds">From one check to the next, 1 to 3600 s.</param>
/// <param name="TimeoutSeconds">After which a check counts as failed, 1 to 600 s.</param>
/// <param name="Retries">So many failures in a row make it unhealthy, 1 to 100.</param>
/// <param name="StartSeconds">How long a fresh instance may take until its first success, 1 to 3600 s.</param>
public sealed record HealthCheck(
    HealthCheckKind Kind,
    int? Port = null,
    string? Path = null,
    ImmutableArray<string> Command = default,
    int IntervalSeconds = 10,
    int TimeoutSeconds = 5,
    int Retries = 3,
    int StartSeconds = 60)
{
    /// <inheritdoc cref="HealthCheck"/>
    public ImmutableArray<string> Command { get; init; } = Command.IsDefault ? [] : Command;
}

/// <summary>Kinds of <see cref="HealthCheck"/>.</summary>
public enum HealthCheckKind
{
    /// <summary>The port accepts a connection.</summary>
    Tcp,

    /// <summary>An HTTP request to the port is answered well.</summary>
    Http,

    /// <summary>A program inside the container ends well.</summary>
    Command,
}

/// <summary>What a container may use.</summary>
/// <param name="MilliCpus">Thousandths of a processor, at least 10; null: no limit.</param>
/// <param name="MemoryBytes">Bytes of memory, at least 6 MiB (the engine's own minimum); null: no limit.</param>
public sealed record ResourceLimits(int? MilliCpus = null, long? MemoryBytes = null);

/// <summary>What follows when a container ends by itself.</summary>
public enum RestartPolicy
{
    /// <summary>It is started again.</summary>
    Always,

    /// <summary>It is started again when its exit code is not 0.</summary>
    OnFailure,

    /// <summary>It stays as it ended.</summary>
    Never,
}

/// <summary>A volume that a service needs.</summary>
/// <param name="Id">Names the volume of the runner that is mounted; 1 to 63 characters of <c>[a-z0-9_.-]</c>, the first a letter or a digit.</param>
/// <param name="Path">Absolute path in the container.</param>
/// <param name="ReadOnly">Whether the container may only read.</param>
/// <param name="Description">For the person who makes the volume; null when there is none.</param>
public sealed record VolumeNeed(string Id, string Path, bool ReadOnly, string? Description = null)
{
    /// <summary>What is wrong with an id, and what it has to be; null when it is right.</summary>
    public static string? IdProblem(string id) => SpecValidator.IdProblem(id);
}

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
