using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Node.Http.Documents;

/// <summary>What a runner has not let through; see <see cref="DenialReport"/>.</summary>
internal sealed record DenialsDocument(string Runner, ImmutableArray<DenialCount> Counts, ImmutableArray<DeniedAttempt> Latest, string? Problem)
{
    public static DenialsDocument From(RunnerId runner, DenialReport report) => new(runner.Value, report.Counts, report.Latest, report.Problem);
}
