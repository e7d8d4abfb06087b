using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;

namespace Warp.Node.Http.Documents;

/// <summary>A volume as the API shows it; see <see cref="VolumeInfo"/> for the meaning of each field.</summary>
internal sealed record VolumeDocument(string Id, string Runner, string EngineName, string? Folder, DateTimeOffset? CreatedAt, ImmutableArray<string> UsedBy)
{
    public static VolumeDocument From(VolumeInfo volume, RunnerId runner) =>
        new(volume.Id, runner.Value, volume.EngineName, volume.Folder, volume.CreatedAt, volume.UsedBy);
}

/// <summary>One line of the list of volumes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Runner">Where it is.</param>
/// <param name="Reachable">Whether that runner was heard of lately.</param>
internal sealed record VolumeEntryDocument(string Id, string Runner, bool Reachable);

/// <summary>All volumes that runners told of, ordered by id and runner.</summary>
internal sealed record VolumeListDocument(ImmutableArray<VolumeEntryDocument> Volumes);
