using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.Logging;
using AkkaLogLevel = Akka.Event.LogLevel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Warp.Node.Hosting;

/// <summary>Takes an actor system's log events to the process's log, on the thread that logs, so that the last words of a terminating system are not lost.</summary>
internal static class AkkaLog
{
    /// <summary>Begins with the system's log.</summary>
    public static void Attach(ActorSystem system, ILoggerFactory loggers) =>
        EventTap.Listen<LogEvent>(
            system, "warp-log", entry => loggers.CreateLogger(Category(entry.LogClass)).Log(Level(entry.LogLevel()), entry.Cause, "{Message}", entry.Message));

    /// <summary>The name that Akka gives to a level of ours.</summary>
    public static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error or LogLevel.Critical => "ERROR",
        _ => "OFF",
    };

    // Akka's own parts that are no actors log under a stand-in class.
    private static string Category(Type source) => source == typeof(DummyClassForStringSources) ? "Akka" : source.FullName ?? source.Name;

    private static LogLevel Level(AkkaLogLevel level) => level switch
    {
        AkkaLogLevel.DebugLevel => LogLevel.Debug,
        AkkaLogLevel.InfoLevel => LogLevel.Information,
        AkkaLogLevel.WarningLevel => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
