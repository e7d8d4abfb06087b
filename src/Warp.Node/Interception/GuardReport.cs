using System.Collections.Immutable;
using Warp.Cluster.Identity;

namespace Warp.Node.Interception;

/// <summary>What the kernel's guards have stopped.</summary>
/// <param name="Denied">Packets since this process began, by reason; reasons that never occurred are absent.</param>
/// <param name="Sources">Who was stopped within the last hour, in no order; a bounded number.</param>
public sealed record GuardReport(ImmutableDictionary<GuardReason, long> Denied, ImmutableArray<DeniedSource> Sources);

/// <summary>Where stopped packets came from.</summary>
/// <param name="Interface">The interface: a deployment's bridge, or one of the host.</param>
/// <param name="Address">The source address that they had, true or not.</param>
/// <param name="Packets">How many.</param>
public sealed record DeniedSource(string Interface, Ipv4Address Address, long Packets);
