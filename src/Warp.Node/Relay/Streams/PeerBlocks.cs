namespace Warp.Node.Relay.Streams;

/// <summary>Where the streams of one trunk get blocks: the memory comes from the loop's pool and counts as the peer's.</summary>
/// <param name="pool">The loop's blocks.</param>
/// <param name="share">What the peer may hold.</param>
internal sealed class PeerBlocks(BlockPool pool, BufferShare share)
{
    /// <summary>Takes an empty block; null when the peer or the stream holds too much for what is left.</summary>
    /// <param name="waiting">How many bytes wait in the stream already.</param>
    internal Block? Take(long waiting) => share.TryTake(Block.Size, waiting) ? pool.Take() : null;

    /// <summary>Gives a block back.</summary>
    internal void Return(Block block)
    {
        share.Return(Block.Size);
        pool.Return(block);
    }
}
