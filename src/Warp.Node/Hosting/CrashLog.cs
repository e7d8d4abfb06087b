using Microsoft.Extensions.Logging;
using Warp.Node.Configuration;

namespace Warp.Node.Hosting;

/// <summary>The last line of defence: an exception that nobody caught is written down and ends the process with the code of a crash, not with a core dump's.</summary>
internal sealed class CrashLog : IDisposable
{
    private readonly ILogger _log;

    /// <summary>Watches from now on.</summary>
    public CrashLog(ILogger log)
    {
        _log = log;
        AppDomain.CurrentDomain.UnhandledException += Crashed;
        TaskScheduler.UnobservedTaskException += Unobserved;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= Crashed;
        TaskScheduler.UnobservedTaskException -= Unobserved;
    }

    private void Crashed(object sender, UnhandledExceptionEventArgs failure)
    {
        _log.LogCritical(failure.ExceptionObject as Exception, "The node ended unexpectedly; its containers keep running");
        Environment.Exit((int)ExitCode.Crashed);
    }

    // Somebody started work and did not look at its end: a defect, but no reason to stop.
    private void Unobserved(object? sender, UnobservedTaskExceptionEventArgs failure) =>
        _log.LogError(failure.Exception, "A failure that nobody was waiting for");
}
