using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Warp.Lab.Machines;

/// <summary>Sockets of this process in a machine's network: a socket belongs for ever to the network namespace of the thread that made it.</summary>
public static partial class MachineSockets
{
    // CLONE_NEWNET, sched.h: only a network namespace is accepted.
    private const int NetworkNamespace = 0x40000000;

    /// <summary>Makes a TCP socket in the machine's network.</summary>
    /// <exception cref="LabException">The kernel refused.</exception>
    public static Socket CreateTcp(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return Create($"/proc/{machine.Init.Pid}/ns/net", machine.Name);
    }

    /// <summary>Makes a TCP socket in a container's network, as a program of its root would.</summary>
    /// <param name="machine">Where the container runs.</param>
    /// <param name="sandbox">The container's network as its engine names it: a file that only the machine sees.</param>
    /// <exception cref="LabException">The kernel refused.</exception>
    public static Socket CreateTcp(Machine machine, string sandbox)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(sandbox);

        // /var/run is an absolute link: it would lead out of the machine.
        var file = sandbox.Replace("/var/run/", "/run/", StringComparison.Ordinal);
        return Create($"/proc/{machine.Init.Pid}/root{file}", sandbox);
    }

    private static Socket Create(string file, string whose)
    {
        Socket? socket = null;
        var error = 0;

        // A thread of its own, which ends: nobody else ever runs in the other network by mistake.
        var thread = new Thread(() =>
        {
            using var target = File.OpenHandle(file);
            error = SetNamespace(target, NetworkNamespace) == 0 ? 0 : Marshal.GetLastPInvokeError();
            socket = error == 0 ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) : null;
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new LabException($"the network of {whose} cannot be entered: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    // setns(2)
    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle descriptor, int kind);
}
