using System.Collections.Immutable;

namespace Warp.Node.Http;

/// <summary>Tells what this runner has not let through.</summary>
public interface IDenials
{
    /// <summary>Since the node's process began.</summary>
    Task<DenialReport> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What was not let through.</summary>
/// <param name="Counts">Numbers by place and reason; what never occurred is absent.</param>
/// <param name="Latest">Who was refused lately; a bounded number.</param>
/// <param name="Problem">Why the firewall's part is missing; null when it is not.</param>
public sealed record DenialReport(ImmutableArray<DenialCount> Counts, ImmutableArray<DeniedAttempt> Latest, string? Problem);

/// <summary>A number of denials.</summary>
/// <param name="Place">Firewall, Entry, Exit or Handshake.</param>
/// <param name="Reason">Why.</param>
/// <param name="Count">Packets at the firewall, else connections.</param>
public sealed record DenialCount(string Place, string Reason, long Count);

/// <summary>Somebody who was refused.</summary>
/// <param name="Place">Firewall, Entry, Exit or Handshake.</param>
/// <param name="Reason">Why; null at the firewall, which counts each source once for all reasons.</param>
/// <param name="Caller">Who: an instance of a service, a runner, or an address and the interface that it came from.</param>
/// <param name="Target">Where to, as far as known.</param>
/// <param name="Last">When it was refused last; null at the firewall: within the last hour.</param>
/// <param name="Times">How often.</param>
public sealed record DeniedAttempt(string Place, string? Reason, string Caller, string? Target, DateTimeOffset? Last, long Times);
