using System.Collections.Concurrent;
using System.Collections.Immutable;
using Warp.Cluster.Containers;

namespace Warp.Node.Tests.Http;

/// <summary>Volumes in memory.</summary>
internal sealed class ScriptedVolumes : IContainerVolumes
{
    public ConcurrentDictionary<string, VolumeInfo> Present { get; } = new(StringComparer.Ordinal);

    public Task<RuntimeResult<ImmutableArray<VolumeInfo>>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<RuntimeResult<ImmutableArray<VolumeInfo>>>(Present.Values.ToImmutableArray());

    public Task<RuntimeResult<VolumeInfo>> InspectAsync(string id, CancellationToken cancellationToken) => Task.FromResult<RuntimeResult<VolumeInfo>>(
        Present.TryGetValue(id, out var volume) ? volume : new RuntimeFailure(RuntimeFailureKind.NotFound, $"there is no volume '{id}'"));

    public Task<RuntimeResult<VolumeInfo>> CreateAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<RuntimeResult<VolumeInfo>>(Present.GetOrAdd(id, new VolumeInfo(id, $"warp-lab-{id}", null, null, [])));

    public Task<RuntimeResult<Done>> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (Present.TryGetValue(id, out var volume) && !volume.UsedBy.IsEmpty)
        {
            return Task.FromResult<RuntimeResult<Done>>(new RuntimeFailure(RuntimeFailureKind.Rejected, $"the volume '{id}' is in use by {string.Join(", ", volume.UsedBy)}"));
        }

        Present.TryRemove(id, out _);
        return Task.FromResult<RuntimeResult<Done>>(new Done());
    }

    public IDisposable Watch(Action onChanged) => throw new NotSupportedException();
}
