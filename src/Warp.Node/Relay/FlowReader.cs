using Warp.Node.Relay.Trunks;

namespace Warp.Node.Relay;

/// <summary>Describes the open streams of a loop, on its own thread.</summary>
internal static class FlowReader
{
    /// <summary>Reads them.</summary>
    /// <param name="share">The loop that owns the streams.</param>
    /// <param name="links">All links.</param>
    /// <param name="max">How many streams to describe at most.</param>
    /// <returns>The descriptions, and how many streams the loop has in all.</returns>
    internal static Task<(List<FlowView> Flows, int Count)> ReadAsync(LoopShare share, IEnumerable<TunnelLink> links, int max)
    {
        var result = new TaskCompletionSource<(List<FlowView>, int)>(TaskCreationOptions.RunContinuationsAsynchronously);
        share.Loop.Post(() =>
        {
            var now = Environment.TickCount64;
            var trunks = links.SelectMany(link => link.TrunksOn(share.Loop)).ToArray();
            var flows = share.Flows.All.Select(f => f.ToView(share.Services.Routes.Self, now))
                .Concat(trunks.SelectMany(t => t.Streams.All.Select(s => s.ToView(t.Peer, now))))
                .Take(max)
                .ToList();
            result.TrySetResult((flows, share.Flows.Count + trunks.Sum(t => t.Streams.Count)));
        });
        return result.Task;
    }
}
