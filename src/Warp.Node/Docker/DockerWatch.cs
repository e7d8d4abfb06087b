using System.Diagnostics.CodeAnalysis;
using Docker.DotNet.Models;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>Follows the engine's events about our containers, and comes back whenever the stream breaks.</summary>
internal sealed class DockerWatch : IDisposable, IProgress<Message>
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    // The engine replays what happened since; it covers the moment between the greeting and the open stream, and the rounding of clocks.
    private static readonly TimeSpan s_overlap = TimeSpan.FromSeconds(1);
    private static readonly string[] s_actions = ["create", "start", "die", "oom", "destroy", "pause", "unpause"];

    private readonly DockerEngine _engine;
    private readonly Action<RuntimeEvent> _onEvent;
    private readonly CancellationTokenSource _stop = new();

    public DockerWatch(DockerEngine engine, Action<RuntimeEvent> onEvent)
    {
        _engine = engine;
        _onEvent = onEvent;
        _ = Task.Run(() => FollowAsync(_stop.Token));
    }

    /// <summary>No call of the handler begins after this, except one that is under way.</summary>
    public void Dispose()
    {
        if (!_stop.IsCancellationRequested)
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }

    void IProgress<Message>.Report(Message value)
    {
        if (!_stop.IsCancellationRequested && value.Actor is { } actor && _engine.Owner.InstanceOf(actor.Attributes) is { } instance)
        {
            _onEvent(new RuntimeEvent.ContainerChanged(instance, actor.ID, value.Action));
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var pause = s_shortestPause;
        var lossTold = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            var since = DateTimeOffset.UtcNow - s_overlap;
            var began = TimeProvider.System.GetTimestamp();
            var loss = await GreetAsync(cancellationToken);
            if (loss is null)
            {
                lossTold = false;
                loss = await StreamAsync(since, cancellationToken);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (!lossTold)
            {
                lossTold = true;
                _onEvent(new RuntimeEvent.EngineLost(loss));
            }

            pause = TimeProvider.System.GetElapsedTime(began) > s_longestPause ? s_shortestPause : pause;
            await Task.Delay(pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private async Task<string?> GreetAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _engine.RunAsync<Done>(
                "follow its events",
                async token =>
                {
                    await _engine.Client.System.PingAsync(token);
                    return default(Done);
                },
                cancellationToken);
            return answer.Failure?.Message;
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever broke the stream, also a garbled message: the watch must come back, or the runner is blind.")]
    private async Task<string> StreamAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var filters = _engine.Owner.Filter();
        filters["type"] = new Dictionary<string, bool>(StringComparer.Ordinal) { ["container"] = true };
        filters["event"] = s_actions.ToDictionary(action => action, _ => true, StringComparer.Ordinal);
        try
        {
            _onEvent(new RuntimeEvent.EngineConnected());
            await _engine.Client.System.MonitorEventsAsync(new() { Filters = filters, Since = EngineTime.Format(since) }, this, cancellationToken);
            return $"the container engine at {_engine.Options.Endpoint} closed its event stream. Was dockerd stopped? See: systemctl status docker";
        }
        catch (Exception exception)
        {
            return DockerFailure.IsExpected(exception)
                ? DockerFailure.From(exception, "follow its events", _engine.Options.Endpoint).Message
                : $"the engine's event stream could not be read: {exception.Message}";
        }
    }
}
