using System.Net;
using System.Net.Sockets;

namespace Warp.Bench.Load;

/// <summary>Connections that have carried one byte each way and then do nothing.</summary>
internal sealed class IdleLoad(IPEndPoint target) : IDisposable
{
    // Below the smallest listen backlog of the peers.
    private const int AtOnce = 8;
    private const int MostFailures = 20;
    private const int MostSilent = 5;
    private static readonly TimeSpan OpenTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);
    private readonly List<Socket> _sockets = [];
    private readonly Lock _gate = new();
    private int _failures;

    /// <summary>Opens them, and looks whether all still answer.</summary>
    /// <param name="count">How many.</param>
    /// <param name="awaitStart">Returns when they have been idle for long enough.</param>
    internal async Task<Dictionary<string, double>> RunAsync(int count, Action awaitStart)
    {
        using var deadline = new CancellationTokenSource(OpenTime);
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) =>
        {
            if (!deadline.IsCancellationRequested && _failures < MostFailures)
            {
                await OpenAsync(deadline.Token);
            }
        });
        awaitStart();
        var (alive, silent) = (0, 0);
        foreach (var socket in _sockets.TakeWhile(_ => silent < MostSilent))
        {
            _ = await AnswersAsync(socket) ? alive++ : silent++;
        }

        return new(StringComparer.Ordinal) { ["opened"] = _sockets.Count, ["alive"] = alive, ["errors"] = _failures };
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            await socket.SendAsync(LoadHeader.Make(LoadMode.Echo, 0), cancellationToken);
            if (await AnswersAsync(socket))
            {
                lock (_gate)
                {
                    _sockets.Add(socket);
                }

                return;
            }
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // Counted below.
        }

        socket.Dispose();
        Interlocked.Increment(ref _failures);
    }

    private static async Task<bool> AnswersAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(AnswerTime);
        try
        {
            var answer = new byte[1];
            await socket.SendAsync(new byte[] { 1 }, deadline.Token);
            return await socket.ReceiveAsync(answer, deadline.Token) == 1;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
