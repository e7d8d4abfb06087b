using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Warp.Node.Tests.Relay;

/// <summary>Keeps what the engines log; a fault inside a loop fails the test that caused it.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    private const int LoopFault = 4006;

    internal ConcurrentQueue<string> Lines { get; } = new();

    internal ConcurrentQueue<string> Faults { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue(formatter(state, exception));
        if (eventId.Id == LoopFault)
        {
            Faults.Enqueue($"{formatter(state, exception)}: {exception}");
        }
    }

    public void Dispose()
    {
    }
}
