using Akka.Actor;
using Warp.Cluster.Identity;

namespace Warp.Cluster.Membership;

/// <summary>Nodes that say they are a runner that another node already is, such as one whose data folder was copied to a second host. Belongs to one actor.</summary>
/// <param name="clock">The time.</param>
/// <param name="forgetAfter">How long after its last word a node is forgotten.</param>
internal sealed class RunnerClaims(TimeProvider clock, TimeSpan forgetAfter)
{
    private readonly Dictionary<RunnerId, (Address Rival, long HeardAt)> _claims = [];

    /// <summary>For a person, with the next step.</summary>
    public static string Text(RunnerId runner, Address rival) =>
        $"two nodes say that they are the runner '{runner}': the one at {rival.Host}:{rival.Port} is not listened to. Stop it; if its data folder is a copy, join it under a name of its own";

    /// <summary>The node has said so.</summary>
    /// <returns>Whether that is new.</returns>
    public bool Take(RunnerId runner, Address rival)
    {
        var known = Of(runner);
        _claims[runner] = (rival, clock.GetTimestamp());
        return known != rival;
    }

    /// <summary>The node that says it is the runner and is not listened to; null when there is none.</summary>
    public Address? Of(RunnerId runner) =>
        _claims.TryGetValue(runner, out var claim) && clock.GetElapsedTime(claim.HeardAt) <= forgetAfter ? claim.Rival : null;
}
