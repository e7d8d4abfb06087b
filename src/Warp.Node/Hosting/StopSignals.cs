using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Warp.Node.Configuration;

namespace Warp.Node.Hosting;

/// <summary>SIGTERM and SIGINT: the first asks for a graceful stop, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _log;
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>From now on the process does not end by these signals alone.</summary>
    public StopSignals(ILogger log)
    {
        _log = log;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Received), PosixSignalRegistration.Create(PosixSignal.SIGINT, Received)];
    }

    /// <summary>Completes with the first signal.</summary>
    public Task Asked => _asked.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Received(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_asked.TrySetResult())
        {
            _log.LogInformation("{Signal}: stopping; containers keep running. Another signal ends the process at once", context.Signal);
        }
        else
        {
            Environment.Exit((int)ExitCode.Interrupted);
        }
    }
}
