using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Warp.Node.Ingress.Listening;

/// <summary>A port that the ingress wants: opened as soon as it is free. Another program on it is no reason for the node not to start.</summary>
/// <param name="endpoint">Where.</param>
/// <param name="setting">Its key in the settings, for the log.</param>
/// <param name="open">Opens it.</param>
/// <param name="retryEvery">How soon it is tried again.</param>
/// <param name="log">Where a failure is told once.</param>
internal sealed class HeldPort(IPEndPoint endpoint, string setting, Func<Task<IngressListener>> open, TimeSpan retryEvery, ILogger log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _opening = Task.CompletedTask;
    private volatile IngressListener? _listener;
    private volatile string? _problem;

    /// <summary>Why it is not open, for a person; null when it is.</summary>
    public string? Problem => _problem;

    /// <summary>The port that is open; null while none is.</summary>
    public int? Port => _listener?.Port;

    /// <summary>Tries once, and goes on in the background if it is taken.</summary>
    public async Task StartAsync()
    {
        if (!await TryAsync())
        {
            _opening = RetryAsync();
        }
    }

    /// <summary>Takes no new requests and lets those under way finish until the token is cancelled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _opening;
        if (_listener is { } listener)
        {
            await listener.StopAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _opening;
        if (_listener is { } listener)
        {
            await listener.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task RetryAsync()
    {
        try
        {
            do
            {
                await Task.Delay(retryEvery, _stopping.Token);
            }
            while (!await TryAsync());
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task<bool> TryAsync()
    {
        try
        {
            _listener = await open();
            if (_problem is not null)
            {
                log.LogInformation("The ingress listens on {Endpoint} now", endpoint);
            }

            _problem = null;
            return true;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            if (_problem is null)
            {
                log.LogError("The ingress cannot listen on {Endpoint}: {Problem}", endpoint, failure.Message);
            }

            _problem = $"the ingress cannot listen on {endpoint}: {failure.Message}; stop what uses the port, or set another with {setting}";
            return false;
        }
    }
}
