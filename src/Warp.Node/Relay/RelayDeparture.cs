using Warp.Node.Relay.Trunks;

namespace Warp.Node.Relay;

/// <summary>The end of an engine whose node is told to stop: peers hear that no more streams are taken, and those that are open have their time.</summary>
/// <param name="links">All links, as they are at the moment.</param>
/// <param name="count">How many connections are open.</param>
internal sealed class RelayDeparture(Func<IEnumerable<TunnelLink>> links, Func<Task<int>> count)
{
    /// <summary>What peers and the log read.</summary>
    internal const string Reason = "this node stops";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private bool _begun;

    /// <summary>Whether it has begun; there is no way back.</summary>
    internal bool HasBegun => Volatile.Read(ref _begun);

    /// <summary>Tells the peers, and waits until they have heard it and nothing is open any more.</summary>
    /// <param name="deadline">How long what is open may go on.</param>
    /// <returns>How many connections are still open then.</returns>
    internal async Task<int> RunAsync(TimeSpan deadline)
    {
        var end = Environment.TickCount64 + (long)deadline.TotalMilliseconds;
        Volatile.Write(ref _begun, true);
        while (true)
        {
            // Again each time: a trunk may just have come.
            foreach (var link in links())
            {
                link.ForEachTrunk(static trunk => trunk.Retire(Reason));
            }

            var open = await count().ConfigureAwait(false);
            if ((open == 0 && links().All(link => link.HasNoTrunk)) || Environment.TickCount64 >= end)
            {
                return open;
            }

            await Task.Delay(LookEvery).ConfigureAwait(false);
        }
    }
}
