using System.Buffers.Binary;
using System.Net.WebSockets;
using Warp.Cluster.Containers;

namespace Warp.Node.Http.Execution;

/// <summary>Joins a WebSocket and a program inside a container until one of them ends.</summary>
internal sealed class ExecBridge(WebSocket socket, IExecSession session)
{
    private const int ResizeBytes = 4;

    // The engine closes the output a moment before it knows the exit code.
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_closePatience = TimeSpan.FromSeconds(2);

    /// <summary>Done when the program has ended and the client knows, or when the client is gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var input = ReceiveAsync(over.Token);
        var output = SendAsync(over.Token);
        var outputFirst = await Task.WhenAny(input, output) == output;
        using (var patience = new CancellationTokenSource(s_closePatience))
        {
            await EndedAsync(output.IsFaulted
                ? socket.CloseOutputAsync(WebSocketCloseStatus.InternalServerError, "the program's output broke off: the container engine went away", patience.Token)
                : socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token));
            await EndedAsync(outputFirst ? input.WaitAsync(patience.Token) : Task.CompletedTask);
        }

        await over.CancelAsync();
        await EndedAsync(output);
        await EndedAsync(input);
    }

    /// <summary>From the client to the program, until the client is gone.</summary>
    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[ExecFrame.MaxContent + 1];
        var (length, continued) = (0, false);
        while (await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken) is { MessageType: not WebSocketMessageType.Close } piece)
        {
            length += piece.Count;
            if (!piece.EndOfMessage && length < buffer.Length)
            {
                continue;
            }

            // A long message is taken piece by piece; the first byte, which says what it is, stays for the pieces that follow.
            if (!continued || length > 1)
            {
                await TakeAsync(buffer.AsMemory(0, length), isWhole: !continued && piece.EndOfMessage, cancellationToken);
            }

            continued = !piece.EndOfMessage;
            length = continued ? 1 : 0;
        }
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> message, bool isWhole, CancellationToken cancellationToken)
    {
        switch (message.Span)
        {
            case [ExecFrame.Input]:
                session.CloseInput();
                break;
            case [ExecFrame.Input, ..]:
                await EndedAsync(session.WriteAsync(message[1..], cancellationToken));
                break;
            case [ExecFrame.Resize, .. { Length: ResizeBytes } size] when isWhole:
                await ResizeAsync(BinaryPrimitives.ReadUInt16BigEndian(size), BinaryPrimitives.ReadUInt16BigEndian(size[2..]), cancellationToken);
                break;
        }
    }

    /// <summary>A terminal without lines or columns, as some clients have for a moment, is none to tell of.</summary>
    private Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken) =>
        columns > 0 && rows > 0 ? session.ResizeAsync(columns, rows, cancellationToken) : Task.CompletedTask;

    /// <summary>From the program to the client, and at last how it ended.</summary>
    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var frame = new byte[ExecFrame.MaxContent + 1];
        while (await session.ReadAsync(frame.AsMemory(1), cancellationToken) is { Count: > 0 } piece)
        {
            frame[0] = piece.Error ? ExecFrame.Error : ExecFrame.Output;
            await socket.SendAsync(frame.AsMemory(0, piece.Count + 1), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }

        int? code;
        while ((code = await session.ExitCodeAsync(cancellationToken)) is null)
        {
            await Task.Delay(s_poll, cancellationToken);
        }

        frame[0] = ExecFrame.Exit;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), code.Value);
        await socket.SendAsync(frame.AsMemory(0, 1 + sizeof(int)), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
    }

    /// <summary>What breaks on one side, such as the input of a program that does not read any more, ends nothing on the other; the program's end and the client's do.</summary>
    private static async Task EndedAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
