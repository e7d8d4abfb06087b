using Warp.Cluster.Protocol;

namespace Warp.Cluster.Membership;

/// <summary>A fact of whom the cluster takes, in the journal for ever.</summary>
internal interface IClusterTrustEvent : IWarpMessage;

/// <summary>A runner was removed, for the first time or again.</summary>
internal sealed record RunnerRemovalRecorded(RunnerRemoval Removal) : IClusterTrustEvent;

/// <summary>The runners that are to be empty are these from now on.</summary>
internal sealed record DrainsRecorded(RunnerDrains Drains) : IClusterTrustEvent;

/// <summary>The CAs are these from now on.</summary>
internal sealed record AuthoritiesRecorded(AuthoritySet Authorities) : IClusterTrustEvent;
