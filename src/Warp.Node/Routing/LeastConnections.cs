using System.Collections.Immutable;

namespace Warp.Node.Routing;

/// <summary>Chooses the candidate with the fewest open connections; among equals each has the same chance, so that short connections spread too.</summary>
internal static class LeastConnections
{
    /// <summary>The choice; null only when there is no candidate.</summary>
    internal static T? Pick<T>(ImmutableArray<T> candidates)
        where T : class, ICounted => Pick(candidates, 0, static (_, _) => true);

    /// <summary>The choice among the usable ones; null when none is.</summary>
    internal static T? Pick<T, TState>(ImmutableArray<T> candidates, TState state, Func<T, TState, bool> isUsable)
        where T : class, ICounted
    {
        T? best = null;
        var first = candidates.Length > 1 ? Random.Shared.Next(candidates.Length) : 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var candidate = candidates[(first + i) % candidates.Length];
            if ((best is null || candidate.Connections.Open < best.Connections.Open) && isUsable(candidate, state))
            {
                best = candidate;
            }
        }

        return best;
    }
}
