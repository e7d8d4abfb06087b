using System.Collections.Immutable;

namespace Warp.Cluster.Containers;

/// <summary>
/// The volumes of this runner: made and removed by people only, never by a deployment. The engine holds them, its labels say that they are ours. Expected failures are results.
/// </summary>
public interface IContainerVolumes
{
    /// <summary>Every volume of this runner, by id in ordinal order.</summary>
    Task<RuntimeResult<ImmutableArray<VolumeInfo>>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One volume; <see cref="RuntimeFailureKind.NotFound"/> when there is none of that id.</summary>
    Task<RuntimeResult<VolumeInfo>> InspectAsync(string id, CancellationToken cancellationToken);

    /// <summary>Makes an empty volume; success when there is one of that id already.</summary>
    /// <param name="id">As in <see cref="Specs.VolumeNeed.Id"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<RuntimeResult<VolumeInfo>> CreateAsync(string id, CancellationToken cancellationToken);

    /// <summary>Removes a volume with all that is in it; success when there is none. One that a container uses is not removed: <see cref="RuntimeFailureKind.Rejected"/> names the containers.</summary>
    Task<RuntimeResult<Done>> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Tells when a volume was made or removed through this port, until disposed.</summary>
    /// <param name="onChanged">Called from any thread; must not block.</param>
    IDisposable Watch(Action onChanged);
}

/// <summary>A volume.</summary>
/// <param name="Id">Its id on the runner.</param>
/// <param name="EngineName">The engine's name for it.</param>
/// <param name="Folder">Where the engine keeps it on the host; null when the engine does not say.</param>
/// <param name="CreatedAt">When it was made; null when the engine does not say.</param>
/// <param name="UsedBy">The containers that mount it, running or not, for a person, such as "shop/db#0@3".</param>
public sealed record VolumeInfo(string Id, string EngineName, string? Folder, DateTimeOffset? CreatedAt, ImmutableArray<string> UsedBy);
