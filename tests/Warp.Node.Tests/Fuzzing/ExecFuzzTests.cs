using System.Buffers.Binary;
using System.Globalization;
using System.Net.WebSockets;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Node.Http.Execution;
using Xunit;
using Xunit.Abstractions;

namespace Warp.Node.Tests.Fuzzing;

/// <summary>Whatever messages a client sends to an execution, cut into whatever pieces: the program gets the bytes of its input, in order, and nothing else.</summary>
public sealed class ExecFuzzTests(ITestOutputHelper output)
{
    // In the corpus a piece is its length (2), whether it ends its message (1), and its bytes.
    private const int PieceHeader = 3;

    [Fact]
    public Task Exec_messages() => new FuzzRun("exec", [[0, 1, 1, 0], [0, 5, 1, 4, 0, 80, 0, 24], [0x40, 0x01, 0]], Attempt).RunAsync(output);

    private static string Attempt(byte[] input)
    {
        var pieces = Pieces(input).ToList();
        using var client = new PiecesSocket(pieces);
        var program = new RecordingProgram();

        new ExecBridge(client, program).RunAsync(CancellationToken.None).GetAwaiter().GetResult();

        var (written, closed, sizes) = Meaning(pieces);
        program.Written.SequenceEqual(written).ShouldBeTrue("the program gets the bytes of its input, in order");
        program.InputClosed.ShouldBe(closed);
        program.Sizes.ShouldBe(sizes);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Min(written.Length / 4096, 4)} {closed} {Math.Min(sizes.Count, 3)} {Math.Min(pieces.Count, 6)}");
    }

    /// <summary>What the protocol says, by whole messages.</summary>
    private static (byte[] Written, bool Closed, List<(int Columns, int Rows)> Sizes) Meaning(List<(byte[] Bytes, bool End)> pieces)
    {
        var (written, closed, sizes, message) = (new List<byte>(), false, new List<(int, int)>(), new List<byte>());
        foreach (var (bytes, end) in pieces)
        {
            message.AddRange(bytes);
            if (!end)
            {
                continue;
            }

            switch (message)
            {
                case [ExecFrame.Input]:
                    closed = true;
                    break;
                case [ExecFrame.Input, ..]:
                    written.AddRange(message.Skip(1));
                    break;
                case [ExecFrame.Resize, var c1, var c2, var r1, var r2] when (c1 | c2) != 0 && (r1 | r2) != 0:
                    sizes.Add(((c1 << 8) | c2, (r1 << 8) | r2));
                    break;
            }

            message.Clear();
        }

        return ([.. written], closed, sizes);
    }

    // What is left of a message without an end is not sent: the client would be waited for.
    private static IEnumerable<(byte[] Bytes, bool End)> Pieces(byte[] input)
    {
        var all = new List<(byte[], bool End)>();
        for (var at = 0; at + PieceHeader <= input.Length;)
        {
            var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(at)), input.Length - at - PieceHeader);
            all.Add((input[(at + PieceHeader)..(at + PieceHeader + length)], input[at + 2] != 0));
            at += PieceHeader + length;
        }

        return all.Take(all.FindLastIndex(piece => piece.End) + 1);
    }

    /// <summary>A client that has sent these pieces and closes.</summary>
    private sealed class PiecesSocket(List<(byte[] Bytes, bool End)> pieces) : WebSocket
    {
        private int _piece;
        private int _at;

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => WebSocketState.Open;

        public override string? SubProtocol => null;

        public override ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (_piece == pieces.Count)
            {
                return new(new ValueWebSocketReceiveResult(0, WebSocketMessageType.Close, endOfMessage: true));
            }

            var (bytes, end) = pieces[_piece];
            var count = Math.Min(bytes.Length - _at, buffer.Length);
            bytes.AsSpan(_at, count).CopyTo(buffer.Span);
            _at += count;
            var whole = _at == bytes.Length;
            (_piece, _at) = whole ? (_piece + 1, 0) : (_piece, _at);
            return new(new ValueWebSocketReceiveResult(count, WebSocketMessageType.Binary, whole && end));
        }

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) => default;

        public override void Abort()
        {
        }

        public override void Dispose()
        {
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>A program that says nothing and ends when it is looked at.</summary>
    private sealed class RecordingProgram : IExecSession
    {
        public List<byte> Written { get; } = [];

        public List<(int Columns, int Rows)> Sizes { get; } = [];

        public bool InputClosed { get; private set; }

        public Task<ExecOutput> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => Task.FromResult(default(ExecOutput));

        public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            Written.AddRange(bytes.Span);
            return Task.CompletedTask;
        }

        public void CloseInput() => InputClosed = true;

        public Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken)
        {
            Sizes.Add((columns, rows));
            return Task.CompletedTask;
        }

        public Task<int?> ExitCodeAsync(CancellationToken cancellationToken) => Task.FromResult<int?>(0);

        public ValueTask DisposeAsync() => default;
    }
}
