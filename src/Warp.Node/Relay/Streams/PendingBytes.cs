namespace Warp.Node.Relay.Streams;

/// <summary>Payload that came faster than the local socket takes it. Empty for almost every stream, almost always: then it is two null references.</summary>
internal struct PendingBytes
{
    private Block? _first;
    private Block? _last;

    /// <summary>Whether nothing waits.</summary>
    internal readonly bool IsEmpty => _first is null;

    /// <summary>The block whose bytes are next; null when nothing waits.</summary>
    internal readonly Block? First => _first;

    /// <summary>Adds bytes behind those that wait.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="blocks">Where memory comes from.</param>
    /// <param name="waiting">How many bytes wait with these.</param>
    /// <returns>False when there is no block for them; some may have been added.</returns>
    internal bool TryAdd(ReadOnlySpan<byte> bytes, PeerBlocks blocks, long waiting)
    {
        while (!bytes.IsEmpty)
        {
            if (_last is not { End: < Block.Size } block)
            {
                if (blocks.Take(waiting) is not { } added)
                {
                    return false;
                }

                block = Append(added);
            }

            bytes = Fill(block, bytes);
        }

        return true;
    }

    /// <summary>The first bytes of the first block were taken.</summary>
    internal void Taken(int count, PeerBlocks blocks)
    {
        var block = _first!;
        block.Start += count;
        if (block.Start == block.End)
        {
            _first = block.Following;
            _last = _first is null ? null : _last;
            blocks.Return(block);
        }
    }

    /// <summary>Drops everything.</summary>
    internal void Clear(PeerBlocks blocks)
    {
        while (_first is { } block)
        {
            _first = block.Following;
            blocks.Return(block);
        }

        _last = null;
    }

    private Block Append(Block block)
    {
        if (_last is null)
        {
            _first = block;
        }
        else
        {
            _last.Following = block;
        }

        return _last = block;
    }

    private static unsafe ReadOnlySpan<byte> Fill(Block block, ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Block.Size - block.End);
        bytes[..count].CopyTo(new Span<byte>(block.Data + block.End, count));
        block.End += count;
        return bytes[count..];
    }
}
