namespace Warp.Node.Cli;

/// <summary>The time that a command may take, counted from when it was made.</summary>
internal sealed class WaitTime : IDisposable
{
    private readonly CancellationTokenSource _source;

    /// <param name="seconds">How long; less than 1 is taken as 1.</param>
    /// <param name="cancellationToken">Ends it before.</param>
    public WaitTime(int seconds, CancellationToken cancellationToken)
    {
        Seconds = Math.Max(1, seconds);
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source.CancelAfter(TimeSpan.FromSeconds(Seconds));
    }

    /// <summary>All of it, in seconds.</summary>
    public int Seconds { get; }

    public bool IsOver => _source.IsCancellationRequested;

    public void Dispose() => _source.Dispose();
}
