using System.Collections.Immutable;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>The revisions that a deployment can go back to. Pure.</summary>
internal static class RevisionHistory
{
    /// <summary>So many revisions are kept, unless their specs are too large, and in any case the last that was completed.</summary>
    public const int Kept = 10;

    /// <summary>So many bytes the packed specs may take: the history is in every snapshot.</summary>
    public const int KeptBytes = 4 * 1024 * 1024;

    /// <summary>The history once a revision is accepted; the state is the one before.</summary>
    public static ImmutableArray<RevisionRecord> After(DeploymentState before, SpecApplied applied)
    {
        var records = Of(before);
        if (before.Spec is { } spec)
        {
            records = records.SetItem(records.Length - 1, records[^1] with { Packed = PackedSpec.Pack(spec) });
        }

        return Trim(records.Add(RevisionRecord.Of(applied.Revision, applied.AcceptedAt, applied.Reason, applied.Spec)));
    }

    /// <summary>The history with the accepted revision marked as completed.</summary>
    public static ImmutableArray<RevisionRecord> Completed(DeploymentState state)
    {
        var records = Of(state);
        return Trim(records.SetItem(records.Length - 1, records[^1] with { Completed = true }));
    }

    /// <summary>The spec of a revision.</summary>
    /// <returns>Null when it is not kept.</returns>
    public static DeploymentSpec? Find(DeploymentState state, long revision) =>
        revision == state.Revision
            ? state.Spec
            : state.History.FirstOrDefault(record => record.Revision == revision)?.Packed is { } packed ? PackedSpec.Unpack(packed) : null;

    /// <summary>The last revision before the accepted one that was serving completely.</summary>
    /// <returns>Null when there is none.</returns>
    public static long? LastCompleted(DeploymentState state) =>
        state.History.LastOrDefault(record => record is { Completed: true, Packed: not null } && record.Revision < state.Revision)?.Revision;

    /// <summary>The revisions that can be gone back to, the oldest first.</summary>
    public static IEnumerable<long> Numbers(DeploymentState state) => Of(state).Select(record => record.Revision);

    /// <summary>For a person, the newest first.</summary>
    public static DeploymentHistory View(DeploymentState state) => new(
        state.Deployment,
        [.. Of(state).Reverse().Select(record => new RevisionView(record.Revision, record.AcceptedAt, record.Reason, record.Completed, record.Images))]);

    /// <summary>The records; the accepted revision has one even when a version of the program without history accepted it.</summary>
    private static ImmutableArray<RevisionRecord> Of(DeploymentState state) =>
        state.Spec is not { } spec || (!state.History.IsEmpty && state.History[^1].Revision == state.Revision)
            ? state.History
            : state.History.Add(RevisionRecord.Of(state.Revision, null, null, spec) with { Completed = state.Completed });

    private static ImmutableArray<RevisionRecord> Trim(ImmutableArray<RevisionRecord> records)
    {
        var completed = records.LastOrDefault(record => record.Completed);
        var (first, bytes) = (records.Length, 0L);
        while (first > 0 && records.Length - first < Kept && (bytes += records[first - 1].Packed?.Length ?? 0) <= KeptBytes)
        {
            first--;
        }

        return [.. records.Where((record, i) => i >= first || ReferenceEquals(record, completed))];
    }
}
