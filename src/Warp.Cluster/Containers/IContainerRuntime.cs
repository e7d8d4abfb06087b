using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Containers;

/// <summary>
/// The container engine of this runner, as the actors see it. Every verb is idempotent, removal of something absent is success, and expected failures are
/// results, not exceptions. Only containers and networks that carry this cluster's and this runner's labels exist for it.
/// </summary>
public interface IContainerRuntime
{
    /// <summary>Whether the engine answers, and what it is.</summary>
    Task<RuntimeResult<EngineInfo>> PingAsync(CancellationToken cancellationToken);

    /// <summary>Every container of ours, running or not.</summary>
    Task<RuntimeResult<ImmutableArray<ObservedContainer>>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One container; <see cref="RuntimeFailureKind.NotFound"/> when it is gone.</summary>
    Task<RuntimeResult<ObservedContainer>> InspectAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Makes the deployment's bridge network, or finds it.</summary>
    Task<RuntimeResult<BridgeNetwork>> EnsureNetworkAsync(DeploymentName deployment, CancellationToken cancellationToken);

    /// <summary>The deployment's bridge networks that are there now.</summary>
    Task<RuntimeResult<ImmutableArray<BridgeNetwork>>> ListNetworksAsync(CancellationToken cancellationToken);

    /// <summary>Takes the deployment's network away.</summary>
    Task<RuntimeResult<Done>> RemoveNetworkAsync(DeploymentName deployment, CancellationToken cancellationToken);

    /// <summary>Sees to it that the image is on this runner.</summary>
    /// <param name="image">The reference.</param>
    /// <param name="pull">When to pull.</param>
    /// <param name="progress">Receives short lines for a person; may be called from any thread.</param>
    /// <param name="cancellationToken">Ends the pull.</param>
    Task<RuntimeResult<ImageInfo>> EnsureImageAsync(string image, PullPolicy pull, IProgress<string> progress, CancellationToken cancellationToken);

    /// <summary>Makes the container, or finds the one with the same instance; does not start it.</summary>
    /// <returns>The engine's container id.</returns>
    Task<RuntimeResult<string>> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken);

    /// <summary>Starts it; success when it runs already.</summary>
    Task<RuntimeResult<ObservedContainer>> StartAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>SIGTERM, wait, SIGKILL; success when it does not run.</summary>
    Task<RuntimeResult<Done>> StopAsync(string containerId, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Removes it with its anonymous volumes; success when it is gone.</summary>
    Task<RuntimeResult<Done>> RemoveAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Follows the engine's event stream until disposed, reconnecting by itself.</summary>
    /// <param name="onEvent">Called from any thread, one call at a time; must not block.</param>
    IDisposable Watch(Action<RuntimeEvent> onEvent);
}

/// <summary>No value; only that it is done.</summary>
public readonly record struct Done;

/// <summary>A value or an expected failure; exactly one of the two is there.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed record RuntimeResult<T>
{
    private RuntimeResult(T? value, RuntimeFailure? failure) => (Value, Failure) = (value, failure);

    /// <summary>The value; meaningful only when <see cref="Failure"/> is null.</summary>
    public T? Value { get; }

    /// <summary>The failure; null on success.</summary>
    public RuntimeFailure? Failure { get; }

    /// <summary>Success.</summary>
    public static implicit operator RuntimeResult<T>(T value) => new(value, null);

    /// <summary>Failure.</summary>
    public static implicit operator RuntimeResult<T>(RuntimeFailure failure) => new(default, failure);
}

/// <summary>Why the engine did not do it.</summary>
/// <param name="Kind">What a program can decide on.</param>
/// <param name="Message">Cause and next step, for a person.</param>
public sealed record RuntimeFailure(RuntimeFailureKind Kind, string Message);

/// <summary>Kinds of <see cref="RuntimeFailure"/>.</summary>
public enum RuntimeFailureKind
{
    /// <summary>The engine cannot be reached or did not answer in time; trying again is right.</summary>
    EngineUnavailable,

    /// <summary>No such container, network or image on the engine.</summary>
    NotFound,

    /// <summary>The image cannot be had: unknown, no access, registry unreachable.</summary>
    ImageUnavailable,

    /// <summary>The engine refuses for a reason that lies in the request or the host; the message is the engine's.</summary>
    Rejected,
}

/// <summary>The engine.</summary>
/// <param name="Version">Such as "20.10.24".</param>
public sealed record EngineInfo(string Version);

/// <summary>An image that is on the runner.</summary>
/// <param name="Id">The engine's image id.</param>
/// <param name="ExposedTcpPorts">Ascending.</param>
public sealed record ImageInfo(string Id, ImmutableArray<int> ExposedTcpPorts);

/// <summary>A deployment's bridge on this runner.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="NetworkId">The engine's id.</param>
/// <param name="InterfaceName">The host's bridge interface, at most 15 characters.</param>
/// <param name="Subnet">The containers' range.</param>
/// <param name="Gateway">The host's address on the bridge.</param>
public sealed record BridgeNetwork(DeploymentName Deployment, string NetworkId, string InterfaceName, Ipv4Range Subnet, Ipv4Address Gateway);

/// <summary>Everything needed to make one container.</summary>
/// <param name="Instance">Whose container it is; goes into labels and name.</param>
/// <param name="NetworkId">The deployment's network.</param>
/// <param name="Image">The image reference.</param>
/// <param name="Args">Overrides CMD; empty keeps it.</param>
/// <param name="Environment">The complete injected environment.</param>
/// <param name="Hosts">Host name to address, for /etc/hosts.</param>
/// <param name="SpecHash">Identifies the content of the service's spec; a container with another hash is not the wanted one.</param>
public sealed record ContainerPlan(
    InstanceId Instance,
    string NetworkId,
    string Image,
    ImmutableArray<string> Args,
    ImmutableSortedDictionary<string, string> Environment,
    ImmutableArray<HostEntry> Hosts,
    string SpecHash)
{
    /// <summary>Who answers its questions for names first; null: whoever the engine chooses. Takes effect only when the container is made.</summary>
    public Ipv4Address? NameServer { get; init; }

    /// <summary>What it may use; null: as much as the host gives.</summary>
    public ResourceLimits? Resources { get; init; }

    /// <summary>The runner's volumes that it mounts; each must be there.</summary>
    public ImmutableArray<VolumeNeed> Volumes { get; init; } = [];
}

/// <summary>One line of /etc/hosts.</summary>
public sealed record HostEntry(string Name, Ipv4Address Address);

/// <summary>A container of ours as the engine sees it.</summary>
/// <param name="Instance">From its labels.</param>
/// <param name="ContainerId">The engine's id.</param>
/// <param name="SpecHash">From its labels.</param>
/// <param name="Running">Whether its process runs.</param>
/// <param name="Address">On the deployment's bridge; null while not running.</param>
/// <param name="StartedAt">Null when it never started.</param>
/// <param name="ExitCode">Of its last end; null while running or never started.</param>
/// <param name="OutOfMemory">Whether the kernel killed it for memory.</param>
/// <param name="ImagePort">The image's single EXPOSEd TCP port, from its labels; null when none or several.</param>
public sealed record ObservedContainer(
    InstanceId Instance,
    string ContainerId,
    string SpecHash,
    bool Running,
    Ipv4Address? Address,
    DateTimeOffset? StartedAt,
    int? ExitCode,
    bool OutOfMemory,
    int? ImagePort);

/// <summary>Something happened at the engine; look again.</summary>
public abstract record RuntimeEvent
{
    /// <summary>The stream is (again) connected: everything may have changed.</summary>
    public sealed record EngineConnected : RuntimeEvent;

    /// <summary>The stream broke; the message says why.</summary>
    public sealed record EngineLost(string Message) : RuntimeEvent;

    /// <summary>This container of ours changed (started, died, was removed, ...).</summary>
    public sealed record ContainerChanged(InstanceId Instance, string ContainerId, string Action) : RuntimeEvent;
}
