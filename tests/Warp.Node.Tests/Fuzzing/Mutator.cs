namespace Warp.Node.Tests.Fuzzing;

/// <summary>Makes new inputs out of known ones: the changes that break parsers, one to eight at a time.</summary>
/// <param name="random">With a seed: the same changes again.</param>
/// <param name="words">Pieces that mean something to the parser.</param>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words)
{
    private const int MaxChanges = 8;
    private const int MaxLength = 64 * 1024;
    private static readonly byte[] Edges = [0, 1, 2, 4, 8, 0x7f, 0x80, 0xfe, 0xff, (byte)'"', (byte)'{', (byte)'['];

    /// <summary>A changed copy.</summary>
    /// <param name="pool">What there is to begin with and to take pieces from; not empty.</param>
    public byte[] Next(IReadOnlyList<byte[]> pool)
    {
        var bytes = pool[random.Next(pool.Count)].ToList();
        for (var changes = random.Next(MaxChanges); changes >= 0; changes--)
        {
            Change(bytes, pool);
        }

        return [.. bytes.Take(MaxLength)];
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> pool)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 33), bytes.Count - at);
        switch (random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = Edges[random.Next(Edges.Length)];
                break;
            case 2 when at < bytes.Count:
                bytes[at] += (byte)random.Next(-16, 17);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5 when words.Count > 0:
                bytes.InsertRange(at, words[random.Next(words.Count)]);
                break;
            case 6:
                var other = pool[random.Next(pool.Count)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(1, 65)));
                break;
        }
    }
}
