using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace Warp.Node.Tests.Images.Transfer;

/// <summary>Collects what a node notes of its transfers.</summary>
internal sealed class TransferLog : ILogger
{
    private readonly ConcurrentQueue<(long Bytes, int Present, int Layers)> _all = new();

    public (long Bytes, int Present, int Layers) Single() => _all.ShouldHaveSingleItem();

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var values = ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(StringComparer.Ordinal);
        _all.Enqueue(((long)values["Bytes"]!, (int)values["Present"]!, (int)values["Layers"]!));
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
