using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Membership;

/// <summary>Who holds up the next step of a change of the CA. Pure.</summary>
public static class AuthorityRotationRule
{
    /// <summary>
    /// Before the new CA signs, every runner has to trust it, also one that is away: as long as the old one signs, whoever comes back is let in and learns the new one.
    /// </summary>
    /// <param name="expected">Every runner that was added and not removed.</param>
    /// <param name="known">Those that reported.</param>
    /// <param name="authority">The new CA's id.</param>
    /// <returns>Who does not trust it yet, ordered by name.</returns>
    public static ImmutableArray<RunnerId> NotTrusting(IEnumerable<RunnerId> expected, ImmutableArray<RunnerView> known, string authority) =>
        Without(expected, known, certificates => certificates.Trusts.Contains(authority, StringComparer.Ordinal));

    /// <summary>Before the old CA is no longer trusted, nobody may show a certificate of it any more.</summary>
    /// <param name="expected">Every runner that was added and not removed.</param>
    /// <param name="known">Those that reported.</param>
    /// <param name="authority">The new CA's id.</param>
    /// <returns>Who still does, or was not heard of, ordered by name.</returns>
    public static ImmutableArray<RunnerId> StillShowingOthers(IEnumerable<RunnerId> expected, ImmutableArray<RunnerView> known, string authority) =>
        Without(expected, known, certificates => certificates.Presents.All(id => string.Equals(id, authority, StringComparison.Ordinal)));

    private static ImmutableArray<RunnerId> Without(IEnumerable<RunnerId> expected, ImmutableArray<RunnerView> known, Func<RunnerCertificates, bool> isReady)
    {
        var ready = known.Where(view => view.Status.Certificates is { } certificates && isReady(certificates)).Select(view => view.Status.Runner).ToHashSet();
        return [.. expected.Concat(known.Select(view => view.Status.Runner)).Distinct().Where(runner => !ready.Contains(runner)).OrderBy(runner => runner.Value, StringComparer.Ordinal)];
    }
}
