using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using Warp.Node.Configuration;
using Warp.Node.Http.Execution;

namespace Warp.Node.Cli.Execution;

/// <summary>Joins the standard streams and a program inside a container until the program ends.</summary>
/// <param name="socket">Speaks <see cref="ExecFrame"/>s.</param>
/// <param name="streams">Ours.</param>
internal sealed class ExecSession(WebSocket socket, StandardStreams streams) : IDisposable
{
    // One sender at a time: input and the window's size come from two places.
    private readonly SemaphoreSlim _sending = new(1);

    /// <returns>The program's exit code.</returns>
    /// <exception cref="OperatorException">The connection broke off before the program's end was known.</exception>
    public async Task<int> RunAsync(bool tty, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminal = tty ? RawTerminal.Open() : null;
        using var resized = tty ? PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => { var sent = SendSizeAsync(over.Token); }) : null;
        if (tty)
        {
            await SendSizeAsync(over.Token);
        }

        // Reading a terminal cannot be ended: it is left behind when the program has ended.
        _ = SendInputAsync(over.Token);
        try
        {
            return await ReceiveAsync(cancellationToken);
        }
        catch (Exception broken) when (broken is WebSocketException or IOException)
        {
            throw Broken(broken);
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    public void Dispose() => _sending.Dispose();

    private async Task<int> ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[ExecFrame.MaxContent + 1];
        for (var length = 0; await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken) is { MessageType: not WebSocketMessageType.Close } piece;)
        {
            length += piece.Count;
            if (!piece.EndOfMessage)
            {
                continue;
            }

            if (length > 0 && buffer[0] == ExecFrame.Exit)
            {
                return BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(1, sizeof(int)));
            }

            await WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            length = 0;
        }

        throw Broken(null);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var destination = message.Span switch
        {
            [ExecFrame.Output, ..] => streams.Out,
            [ExecFrame.Error, ..] => streams.Error,
            _ => Stream.Null,
        };
        await destination.WriteAsync(message[Math.Min(1, message.Length)..], cancellationToken);
        await destination.FlushAsync(cancellationToken);
    }

    private async Task SendInputAsync(CancellationToken cancellationToken)
    {
        try
        {
            var frame = new byte[ExecFrame.MaxContent + 1];
            frame[0] = ExecFrame.Input;
            int count;
            do
            {
                count = await streams.In.ReadAsync(frame.AsMemory(1), cancellationToken);
                await SendAsync(frame.AsMemory(0, count + 1), cancellationToken);
            }
            while (count > 0);
        }
        catch (Exception ended) when (ended is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // The program's end, or the loss of the connection, is seen where its output is read.
        }
    }

    private async Task SendSizeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var frame = new byte[5];
            frame[0] = ExecFrame.Resize;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)Math.Clamp(Console.WindowWidth, 1, ushort.MaxValue));
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(3), (ushort)Math.Clamp(Console.WindowHeight, 1, ushort.MaxValue));
            await SendAsync(frame, cancellationToken);
        }
        catch (Exception ended) when (ended is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // As with the input.
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private OperatorException Broken(Exception? cause) => new(
        ExitCode.Failed,
        $"The connection to the program broke off{(socket.CloseStatusDescription is { Length: > 0 } why ? $": {why}" : "")}. The program may still run in the container.",
        cause ?? new IOException("the node closed the connection"));
}
