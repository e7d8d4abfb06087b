namespace Warp.Node.Hosting;

/// <summary>
/// Notices that the last control node has left this node's cluster in good order. Nobody in such a cluster decides anything, and a control node that comes back may form another one; only
/// who builds its actor system anew finds it there. (One that is lost without a word is the split brain resolver's business.)
/// </summary>
/// <param name="clock">The time.</param>
internal sealed class ControlAbsence(TimeProvider clock)
{
    /// <summary>A control node that is only started again comes back into the cluster that it left within this time, as a rule.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private DateTimeOffset? _since;

    /// <summary>Looks at the members of the cluster as they are now.</summary>
    /// <param name="member">Whether this node is one of them.</param>
    /// <param name="controlNodes">How many of them are control nodes, whatever their state.</param>
    /// <returns>Whether it is time to look for another cluster.</returns>
    public bool IsOver(bool member, int controlNodes)
    {
        if (!member || controlNodes > 0)
        {
            _since = null;
            return false;
        }

        _since ??= clock.GetUtcNow();
        return clock.GetUtcNow() - _since >= Patience;
    }
}
