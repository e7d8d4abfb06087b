using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Warp.Node.Hosting;

/// <summary>The process's log: one line an entry on standard error, with the time in UTC, so that a service manager's journal and a file both read well.</summary>
internal static class NodeLogging
{
    /// <summary>The log.</summary>
    /// <param name="level">The least level that is written.</param>
    public static ILoggerFactory Create(LogLevel level) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(level)
        .AddFilter("Microsoft", level < LogLevel.Warning ? LogLevel.Warning : level)
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // What cannot start is said once, by us, without a stack trace.
        .AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            format.UseUtcTimestamp = true;
        })
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
}
