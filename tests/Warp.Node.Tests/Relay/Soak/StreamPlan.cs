using System.Buffers.Binary;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>What happens on a stream.</summary>
internal enum StreamKind : byte
{
    /// <summary>Both directions at once, each ended by its sender.</summary>
    BothWays,

    /// <summary>The server answers when the client has ended its direction.</summary>
    AnswerAfterEnd,

    /// <summary>The client speaks when the server has ended its direction.</summary>
    ServerEndsFirst,

    /// <summary>Both directions at once; the client reads little by little.</summary>
    SlowClient,

    /// <summary>Both directions at once; the server reads little by little.</summary>
    SlowServer,

    /// <summary>The client resets in the middle.</summary>
    ClientAborts,

    /// <summary>The server resets in the middle.</summary>
    ServerAborts,
}

/// <summary>One stream of the soak; the client sends it ahead as a header, so that the server knows what to expect.</summary>
/// <param name="Id">A number of its own.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Seed">Of the client's content; the server's has the next one.</param>
/// <param name="Up">Bytes from the client to the server.</param>
/// <param name="Down">Bytes from the server to the client.</param>
internal sealed record StreamPlan(long Id, StreamKind Kind, ulong Seed, int Up, int Down)
{
    internal const int Size = 25;
    private const int UsualBits = 20;
    private const int SlowBits = 17;
    private const int LargeBits = 23;
    private const int OneInLarge = 100;

    /// <summary>Whether it ends with a reset.</summary>
    internal bool Aborts => Kind is StreamKind.ClientAborts or StreamKind.ServerAborts;

    /// <summary>Seed of what the server sends.</summary>
    internal ulong DownSeed => Seed + 1;

    /// <summary>Any stream: sizes of all orders of magnitude, now and then a large one.</summary>
    internal static StreamPlan Next(long id, Random random)
    {
        var kind = (StreamKind)random.Next((int)StreamKind.ServerAborts + 1);
        var bits = kind is StreamKind.SlowClient or StreamKind.SlowServer ? SlowBits : random.Next(OneInLarge) == 0 ? LargeBits : UsualBits;
        return new StreamPlan(id, kind, (ulong)random.NextInt64(), Length(random, bits), Length(random, bits));
    }

    internal static StreamPlan Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        (StreamKind)bytes[8],
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[9..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[17..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[21..]));

    internal byte[] ToBytes()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Id);
        bytes[8] = (byte)Kind;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(9), Seed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(17), Up);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(21), Down);
        return bytes;
    }

    private static int Length(Random random, int bits) => (int)Math.Pow(2, random.NextDouble() * bits);
}
