using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Warp.Node.Tests.Interception.Bed;

/// <summary>A network namespace of its own with one thread inside; sockets that are made on that thread stay in it. Gone after Dispose.</summary>
internal sealed partial class NetworkNamespace : TaskScheduler, IDisposable
{
    private const string Prefix = "warptest-";
    private const int CloneNewNet = 0x40000000;
    private static int s_last;
    private readonly BlockingCollection<Task> _tasks = [];
    private readonly Thread _thread;

    static NetworkNamespace() => RemoveLeftovers();

    public NetworkNamespace()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_last)}");
        Command.Run("ip", ["netns", "add", Name]);
        _thread = new Thread(Work) { IsBackground = true, Name = Name };
        _thread.Start();
        Run(static () => 0);
    }

    public string Name { get; }

    public T Run<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).GetAwaiter().GetResult();

    /// <summary>Sockets that are made until Dispose belong to that user.</summary>
    public IDisposable AsUser(int user)
    {
        Run(() => SetFileSystemUser(user));
        return new Undo(() => Run(() => SetFileSystemUser(0)));
    }

    /// <summary>Lines for <c>ip -batch</c>, run in the namespace.</summary>
    public void Ip(string lines) => Command.Run("ip", ["-n", Name, "-batch", "-"], lines);

    public string Nft(string script) => Command.Run("ip", ["netns", "exec", Name, "nft", "-f", "-"], script);

    public void Sysctl(string key, string value) =>
        Run(() =>
        {
            File.WriteAllText($"/proc/sys/{key.Replace('.', '/')}", value);
            return 0;
        });

    public void Dispose()
    {
        _tasks.CompleteAdding();
        _thread.Join();
        Command.Run("ip", ["netns", "delete", Name]);
        _tasks.Dispose();
    }

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    protected override void QueueTask(Task task) => _tasks.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    private void Work()
    {
        using var file = File.OpenHandle($"/run/netns/{Name}");
        if (SetNamespace(file.DangerousGetHandle().ToInt32(), CloneNewNet) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"setns to {Name}");
        }

        foreach (var task in _tasks.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }

    /// <summary>A test run that was killed leaves its namespaces; their names tell its process.</summary>
    private static void RemoveLeftovers()
    {
        var leftovers = Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns", Prefix + "*") : [];
        foreach (var name in leftovers.Select(path => Path.GetFileName(path)).Where(name => !Directory.Exists($"/proc/{name.Split('-')[1]}")))
        {
            Command.Run("ip", ["netns", "delete", name]);
        }
    }

    /// <summary>setfsuid(2) changes the calling thread only.</summary>
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(int user);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
