using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Warp.Node.Diagnosis.Native;

/// <summary>Another process's network namespace (network_namespaces(7)). A socket belongs for ever to the namespace of the thread that made it, wherever it is used later.</summary>
internal static partial class NetworkNamespace
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>Runs short work on a thread of its own in the network namespace of a process; the thread ends with it and so never has to find its way back.</summary>
    /// <exception cref="IOException">The process is gone, or this one may not enter (CAP_SYS_ADMIN); the message says which.</exception>
    public static Task<T> RunAsync<T>(int process, Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Enter(process);
                result.SetResult(work());
            }
            catch (Exception failure)
            {
                result.SetException(failure);
            }
        })
        {
            IsBackground = true,
            Name = "network namespace",
        };
        thread.Start();
        return result.Task;
    }

    private static void Enter(int process)
    {
        using var handle = File.OpenHandle($"/proc/{process}/ns/net");
        if (SetNamespace(handle, CloneNewNet) != 0)
        {
            throw new IOException($"the network of process {process} cannot be entered: {Marshal.GetLastPInvokeErrorMessage()}; run the node as root, or give it CAP_SYS_ADMIN");
        }
    }

    /// <summary>setns(2); -1 with errno on failure.</summary>
    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle handle, int kind);
}
