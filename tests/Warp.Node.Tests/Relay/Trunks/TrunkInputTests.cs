using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Shouldly;
using Warp.Node.Relay;
using Warp.Node.Relay.Frames;
using Xunit;

namespace Warp.Node.Tests.Relay.Trunks;

/// <summary>A whole conversation of a peer, given to the engine cut, truncated and changed at every byte.</summary>
public sealed class TrunkInputTests
{
    private static readonly byte[] Question = "how far is it?"u8.ToArray();
    private readonly TestAuthority _authority = new();

    [Theory]
    [InlineData(TlsLibrary.Automatic)]
    [InlineData(TlsLibrary.Framework)]
    public async Task Frames_that_come_byte_by_byte_are_understood(TlsLibrary library)
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server, library);
        using var peer = await ConnectAsync(relays);
        foreach (var piece in Conversation(server.Port).Chunk(1))
        {
            await WriteAsync(relays, peer, piece);
        }

        (await AnswerAsync(peer)).ShouldBe(Question);
    }

    [Fact]
    public async Task A_cut_at_any_byte_changes_nothing()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server);
        var wire = Conversation(server.Port);
        for (var at = 1; at < wire.Length; at++)
        {
            using var peer = await ConnectAsync(relays);
            await WriteAsync(relays, peer, wire.AsMemory(0, at));
            await WriteAsync(relays, peer, wire.AsMemory(at));
            (await AnswerAsync(peer)).ShouldBe(Question, $"cut at {at}");
        }
    }

    [Fact]
    public async Task A_conversation_that_ends_anywhere_is_a_reset_for_the_server_and_never_a_clean_end()
    {
        var (began, ends) = (0, new ConcurrentBag<SocketError>());
        await using var server = new TargetServer(async socket =>
        {
            Interlocked.Increment(ref began);
            ends.Add(await StreamEndTests.EndOf(socket));
        });
        await using var relays = Start(server);
        var wire = Conversation(server.Port);
        var whole = wire.Length - FrameHeader.Size;
        for (var length = 0; length <= whole; length++)
        {
            using var peer = await ConnectAsync(relays);
            await WriteAsync(relays, peer, wire.AsMemory(0, length));
        }

        await Wait.UntilAsync(async () => (await relays.Two.SnapshotAsync(0)).OpenFlows == 0 && ends.Count == Volatile.Read(ref began), "every stream is over");
        ends.ShouldNotBeEmpty();
        ends.ShouldAllBe(end => end == SocketError.ConnectionReset);
    }

    [Fact]
    public async Task A_conversation_with_any_byte_changed_does_no_harm_to_others()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server);
        var wire = Conversation(server.Port);
        for (var at = 0; at < wire.Length; at++)
        {
            var changed = wire.ToArray();
            changed[at] ^= (byte)(1 + RandomNumberGenerator.GetInt32(byte.MaxValue));
            using var peer = await ConnectAsync(relays);
            await WriteAsync(relays, peer, changed);
        }

        await ShouldServeAsync(relays);
    }

    [Fact]
    public async Task Random_bytes_behind_the_preface_do_no_harm_to_others()
    {
        await using var server = TargetServer.Echo();
        await using var relays = Start(server);
        for (var i = 0; i < 100; i++)
        {
            using var peer = await ConnectAsync(relays);
            await WriteAsync(relays, peer, RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, 4096)));
        }

        await ShouldServeAsync(relays);
    }

    private TestRelays Start(TargetServer server, TlsLibrary library = TlsLibrary.Automatic) =>
        TestRelays.Start(server.Port, TestRelays.Options with { TlsLibrary = library }, _authority);

    private static Task<RawPeer> ConnectAsync(TestRelays relays) => RawPeer.ConnectAsync(relays.EndpointOfTwo.Port, relays.CredentialsOne.Current);

    // Open, data in two frames, credit, a question to the trunk itself, and the end.
    private static byte[] Conversation(int port) =>
    [
        .. RawPeer.OpenFrameOf(1, HostilePeerTests.Request(port)),
        .. RawPeer.Frame(FrameType.Data, 1, Question.AsSpan(0, 4)),
        .. RawPeer.Frame(FrameType.Window, 1, [0, 0, 1, 0]),
        .. RawPeer.Frame(FrameType.Ping, 0, new byte[8]),
        .. RawPeer.Frame(FrameType.Data, 1, Question.AsSpan(4)),
        .. RawPeer.Frame(FrameType.Fin, 1, []),
    ];

    // The first look comes back when the loop has seen the bytes, the second one when it has worked on them.
    private static async Task WriteAsync(TestRelays relays, RawPeer peer, ReadOnlyMemory<byte> bytes)
    {
        await peer.WriteAsync(bytes);
        _ = await relays.Two.SnapshotAsync(0);
        _ = await relays.Two.SnapshotAsync(0);
    }

    private static async Task<byte[]> AnswerAsync(RawPeer peer)
    {
        await peer.ReadPrefaceAsync();
        var answer = new List<byte>();
        while (await peer.ReadFrameAsync() is var (header, payload) && header.Type != FrameType.Fin)
        {
            header.Type.ShouldNotBe(FrameType.Reset);
            answer.AddRange(header.Type == FrameType.Data ? payload : []);
        }

        return [.. answer];
    }

    private static async Task ShouldServeAsync(TestRelays relays)
    {
        using var client = await relays.ConnectAsync();
        await TrunkLossTests.RoundTrip(client);
    }
}
