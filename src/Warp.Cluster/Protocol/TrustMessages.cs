using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Protocol;

/// <summary>Whom the cluster takes. To every runner and to the directory of every control node, on change and on a timer; each keeps the union of what it was ever told.</summary>
/// <param name="Removals">One for each name, ordered by it.</param>
/// <param name="Authorities">The CAs; null as long as there has been only the first.</param>
/// <param name="Drains">The runners that are to be empty; only directories use it. Null from a control node that knows of none.</param>
public sealed record ClusterTrust(ImmutableArray<RunnerRemoval> Removals, AuthoritySet? Authorities = null, RunnerDrains? Drains = null) : IWarpMessage;

/// <summary>The CAs whose certificates are taken: one, or two while one replaces the other.</summary>
/// <param name="Generation">Rises with each change; a lower one is late.</param>
/// <param name="Certificates">Each as PEM.</param>
/// <param name="Signing">The id of the one that signs: what another one has signed is to be renewed.</param>
public sealed record AuthoritySet(long Generation, ImmutableArray<string> Certificates, string Signing);

/// <summary>Asks for the cluster's trust; answered by <see cref="ClusterTrust"/>.</summary>
public sealed record GetClusterTrust : IWarpMessage;

/// <summary>Take these CAs from now on, and no others; answered by <see cref="ClusterTrust"/> or <see cref="TrustRefused"/>.</summary>
public sealed record TrustAuthorities(AuthoritySet Authorities) : IWarpMessage;

/// <summary>A runner was removed: every certificate of it, however often renewed, is refused. The name may be given again, under a higher enrolment.</summary>
/// <param name="Runner">Its name.</param>
/// <param name="UpTo">The highest <see cref="RunnerCertificates.Enrolment"/> that is refused.</param>
/// <param name="At">When.</param>
public sealed record RunnerRemoval(RunnerId Runner, long UpTo, DateTimeOffset At);

/// <summary>Remove a runner from the cluster for ever; answered by <see cref="RunnerRemoved"/> or <see cref="TrustRefused"/>.</summary>
/// <param name="Runner">Its name.</param>
/// <param name="Force">Also when it has instances, or was not heard of.</param>
public sealed record RemoveRunner(RunnerId Runner, bool Force = false) : IWarpMessage;

/// <summary>It is in the journal, and every runner is being told.</summary>
public sealed record RunnerRemoved(RunnerRemoval Removal) : IWarpMessage;

/// <summary>Nothing was changed.</summary>
/// <param name="Reason">Cause and next step, for a person.</param>
public sealed record TrustRefused(string Reason) : IWarpMessage;
