using System.Runtime.InteropServices;

namespace Warp.Lab.Commands;

/// <summary>Ctrl-C, SIGTERM or a closed terminal, as something to wait for: the lab is then removed in order.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignal()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _asked.TrySetResult();
            }));
        }
    }

    public Task WaitAsync() => _asked.Task;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());
}
