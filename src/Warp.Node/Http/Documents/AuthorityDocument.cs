using System.Collections.Immutable;

namespace Warp.Node.Http.Documents;

/// <summary>The cluster's CA, and where a change of it stands.</summary>
/// <param name="Phase">Where.</param>
/// <param name="Signing">The id of the one that signs.</param>
/// <param name="Next">The id of the one that is to sign next; null when none is.</param>
/// <param name="WaitingFor">The runners that hold up the next step.</param>
internal sealed record AuthorityDocument(AuthorityPhase Phase, string Signing, string? Next, ImmutableArray<string> WaitingFor);

/// <summary>Where a change of the CA stands.</summary>
internal enum AuthorityPhase
{
    /// <summary>There is one CA.</summary>
    Single,

    /// <summary>A new one is made known; the old one still signs.</summary>
    Announced,

    /// <summary>The new one signs; the old one is still trusted.</summary>
    Overlap,
}
