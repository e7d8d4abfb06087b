using System.Collections.Immutable;
using Warp.Cluster.Runners;

namespace Warp.Node.Interception;

/// <summary>What had to be put right in the kernel lately, and whether all is in force now. Written by one thread at a time, read by any.</summary>
internal sealed class RuleRepairs
{
    private const int Kept = 20;
    private volatile State _state = new([], null);

    /// <summary>The last ones, the newest first.</summary>
    public ImmutableArray<RuleRepair> Latest => _state.Latest;

    /// <summary>Why the rules are not in force; null when they are.</summary>
    public string? Failure => _state.Failure;

    /// <summary>Takes note of what one call came to, and returns that.</summary>
    public RuleSetOutcome Note(RuleSetOutcome outcome)
    {
        var latest = _state.Latest;
        _state = new State(outcome.Repaired is { } what ? [new RuleRepair(DateTimeOffset.UtcNow, what), .. latest.Take(Kept - 1)] : latest, outcome.Failure);
        return outcome;
    }

    private sealed record State(ImmutableArray<RuleRepair> Latest, string? Failure);
}

/// <summary>Something of ours that somebody else had changed, and that was restored.</summary>
/// <param name="At">When.</param>
/// <param name="What">What was missing or foreign, for a person.</param>
internal sealed record RuleRepair(DateTimeOffset At, string What);
