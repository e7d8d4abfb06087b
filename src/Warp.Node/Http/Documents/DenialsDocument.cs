using System.Collections.Immutable;

namespace Warp.Node.Http.Documents;

/// <summary>What a runner has not let through; see <see cref="DenialReport"/>.</summary>
internal sealed record DenialsDocument(string Runner, ImmutableArray<DenialCount> Counts, ImmutableArray<DeniedAttempt> Latest, string? Problem);
