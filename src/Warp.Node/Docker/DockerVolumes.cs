using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>The runner's volumes: engine volumes of the local driver that carry our labels.</summary>
internal sealed class DockerVolumes(DockerEngine engine) : IContainerVolumes
{
    private ImmutableList<Action> _watchers = [];

    /// <inheritdoc/>
    public Task<RuntimeResult<ImmutableArray<VolumeInfo>>> ListAsync(CancellationToken cancellationToken) =>
        engine.RunAsync<ImmutableArray<VolumeInfo>>("list the volumes", async token => await FindAsync([], token), cancellationToken);

    /// <inheritdoc/>
    public Task<RuntimeResult<VolumeInfo>> InspectAsync(string id, CancellationToken cancellationToken) =>
        engine.RunAsync<VolumeInfo>(
            $"inspect the volume '{id}'",
            async token => await FindAsync([(WarpLabels.Volume, id)], token) is [var volume, ..]
                ? volume
                : new RuntimeFailure(RuntimeFailureKind.NotFound, $"there is no volume '{id}' on {engine.Owner.Runner}; 'warp volume list' shows those there are"),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<RuntimeResult<VolumeInfo>> CreateAsync(string id, CancellationToken cancellationToken)
    {
        var result = await engine.RunAsync<VolumeInfo>(
            $"create the volume '{id}'",
            async token =>
            {
                var name = DockerNames.Volume(engine.Owner, id);
                var request = new VolumesCreateParameters { Name = name, Labels = engine.Owner.LabelsOfVolume(id) };
                var made = await engine.Client.Volumes.CreateAsync(request, token);

                // The engine answers with a volume of that name that was there before, whoever made it.
                return engine.Owner.VolumeOf(made.Labels) is not null
                    ? Observe(made, [])
                    : new RuntimeFailure(RuntimeFailureKind.Rejected, $"the engine has a volume '{name}' that was not made by {engine.Owner.Runner}; remove it, or choose another id");
            },
            cancellationToken);
        _watchers.ForEach(tell => tell());
        return result;
    }

    /// <inheritdoc/>
    public async Task<RuntimeResult<Done>> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var result = await engine.RunAsync<Done>($"remove the volume '{id}'", token => RemoveNowAsync(id, token), cancellationToken);
        _watchers.ForEach(tell => tell());
        return result;
    }

    /// <inheritdoc/>
    public IDisposable Watch(Action onChanged)
    {
        _ = ImmutableInterlocked.Update(ref _watchers, watchers => watchers.Add(onChanged));
        return new Unsubscription(() => ImmutableInterlocked.Update(ref _watchers, watchers => watchers.Remove(onChanged)));
    }

    /// <summary>The first of the volumes that is not there; null when all are.</summary>
    public async Task<string?> FirstMissingAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var present = (await engine.Client.Volumes.ListAsync(new() { Filters = engine.Owner.Filter() }, cancellationToken)).Volumes ?? [];
        return ids.Except(present.Select(volume => engine.Owner.VolumeOf(volume.Labels)).OfType<string>(), StringComparer.Ordinal).FirstOrDefault();
    }

    private async Task<RuntimeResult<Done>> RemoveNowAsync(string id, CancellationToken cancellationToken)
    {
        foreach (var volume in await FindAsync([(WarpLabels.Volume, id)], cancellationToken))
        {
            if (!volume.UsedBy.IsEmpty)
            {
                return new RuntimeFailure(
                    RuntimeFailureKind.Rejected,
                    $"the volume '{id}' is in use by {string.Join(", ", volume.UsedBy)}; it can be removed when they are gone");
            }

            try
            {
                await engine.Client.Volumes.RemoveAsync(volume.EngineName, force: null, cancellationToken);
            }
            catch (DockerApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
            {
                continue;
            }
        }

        return default(Done);
    }

    private async Task<ImmutableArray<VolumeInfo>> FindAsync(IEnumerable<(string Label, string Value)> labels, CancellationToken cancellationToken)
    {
        var volumes = (await engine.Client.Volumes.ListAsync(new() { Filters = engine.Owner.Filter(labels) }, cancellationToken)).Volumes ?? [];
        if (volumes.Count == 0)
        {
            return [];
        }

        var containers = await engine.Client.Containers.ListContainersAsync(new() { All = true }, cancellationToken);
        return [.. volumes.Select(volume => Observe(volume, UsersOf(volume, containers))).OrderBy(volume => volume.Id, StringComparer.Ordinal)];
    }

    private ImmutableArray<string> UsersOf(VolumeResponse volume, IEnumerable<ContainerListResponse> containers) =>
    [
        .. containers
            .Where(container => container.Mounts.Any(mount => string.Equals(mount.Name, volume.Name, StringComparison.Ordinal)))
            .Select(NameOf)
            .Order(StringComparer.Ordinal),
    ];

    private VolumeInfo Observe(VolumeResponse volume, ImmutableArray<string> users) => new(
        engine.Owner.VolumeOf(volume.Labels) ?? volume.Name,
        volume.Name,
        string.IsNullOrEmpty(volume.Mountpoint) ? null : volume.Mountpoint,
        DateTimeOffset.TryParse(volume.CreatedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made) ? made : null,
        users);

    private string NameOf(ContainerListResponse container) =>
        engine.Owner.InstanceOf(container.Labels)?.ToString() ?? $"the container {container.Names.FirstOrDefault()?.TrimStart('/') ?? container.ID[..12]}";

    private sealed class Unsubscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
