namespace Warp.Cluster.Protocol;

/// <summary>Asks a control node whether its journal takes anything now; answered by <see cref="JournalProbed"/>, or not at all while the database does not answer either.</summary>
public sealed record ProbeJournal : IWarpMessage;

/// <summary>Whether the journal took something that was written for the question only.</summary>
/// <param name="Failure">Why it did not, as the database says; null when it did.</param>
public sealed record JournalProbed(string? Failure) : IWarpMessage;
