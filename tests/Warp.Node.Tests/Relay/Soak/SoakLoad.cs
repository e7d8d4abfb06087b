using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>A thousand streams at once, each followed by the next, and what became of them.</summary>
internal sealed class SoakLoad : IAsyncDisposable
{
    private const int Concurrency = 1000;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<StreamEnd>> _serverEnds = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly TargetServer _server;
    private long _ids;
    private long _clean;
    private long _reset;
    private long _bytes;

    internal SoakLoad() => _server = new TargetServer(ServeAsync);

    /// <summary>Whether streams may end with an error that neither end made.</summary>
    internal bool MayBreak { get; set; }

    internal int Port => _server.Port;

    internal IEnumerable<string> Violations => _violations;

    internal string Summary => $"{_clean} streams ended clean, {_reset} with a reset, {_bytes / 1_000_000} MB of content were compared";

    /// <summary>Keeps a thousand streams open until the time is over or something went wrong.</summary>
    internal Task RunAsync(TestRelays relays, TimeSpan duration, int seed)
    {
        var clock = Stopwatch.StartNew();
        return Task.WhenAll(Enumerable.Range(0, Concurrency).Select(worker => Task.Run(async () =>
        {
            var random = new Random(seed + worker);
            while (clock.Elapsed < duration && _violations.IsEmpty)
            {
                await OneAsync(relays, StreamPlan.Next(Interlocked.Increment(ref _ids), random));
            }
        })));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task OneAsync(TestRelays relays, StreamPlan plan)
    {
        var serverEnd = _serverEnds.GetOrAdd(plan.Id, _ => new TaskCompletionSource<StreamEnd>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            var client = await CheckedSocket.EndAsync(async () =>
            {
                using var socket = await relays.ConnectAsync();
                CheckedSocket.KeepAlive(socket);
                await SoakEnds.ClientAsync(socket, plan).WaitAsync(SoakTests.Patience);
            });
            if (!MayBreak)
            {
                Judge(plan, client, await serverEnd.Task.WaitAsync(SoakTests.Patience));
            }

            Interlocked.Increment(ref client == StreamEnd.Clean ? ref _clean : ref _reset);
            Interlocked.Add(ref _bytes, client == StreamEnd.Clean ? plan.Up + plan.Down : 0);
        }
        catch (Exception failure) when (failure is ContentViolationException or TimeoutException or SocketException)
        {
            _violations.Enqueue($"client, {plan}: {failure.Message}");
        }
        finally
        {
            _serverEnds.TryRemove(plan.Id, out _);
        }
    }

    private void Judge(StreamPlan plan, StreamEnd client, StreamEnd server)
    {
        // Who resets does so with a clean conscience; the other end must see it.
        var expected = plan.Kind switch
        {
            StreamKind.ClientAborts => (StreamEnd.Clean, StreamEnd.Reset),
            StreamKind.ServerAborts => (StreamEnd.Reset, StreamEnd.Clean),
            _ => (StreamEnd.Clean, StreamEnd.Clean),
        };
        if ((client, server) != expected)
        {
            _violations.Enqueue($"{plan}: client {client}, server {server}; it should be {expected}");
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        CheckedSocket.KeepAlive(socket);
        var header = new byte[StreamPlan.Size];
        for (var read = 0; read < header.Length;)
        {
            var count = await socket.ReceiveAsync(header.AsMemory(read));
            if (count == 0)
            {
                _violations.Enqueue($"server: a clean end after {read} bytes of the header");
                return;
            }

            read += count;
        }

        var plan = StreamPlan.Read(header);
        try
        {
            var end = await CheckedSocket.EndAsync(() => SoakEnds.ServerAsync(socket, plan));
            _serverEnds.GetValueOrDefault(plan.Id)?.TrySetResult(end);
        }
        catch (Exception failure) when (failure is ContentViolationException or SocketException)
        {
            _violations.Enqueue($"server, {plan}: {failure.Message}");
            _serverEnds.GetValueOrDefault(plan.Id)?.TrySetResult(StreamEnd.Reset);
        }
    }
}
