using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Warp.Bench.Compare;

/// <summary>
/// One of the two hosts: a network namespace, and a process namespace whose first process reads an input that nobody writes to. When this process ends,
/// however it ends, that input ends, the first process with it, and the kernel kills everything in the namespace: nothing stays behind.
/// </summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        // Room for many short connections. Without the limit of closed ones the search for a free port would be what the connect figures measure.
        ["net.ipv4.ip_local_port_range"] = "16384 65535",
        ["net.ipv4.tcp_tw_reuse"] = "1",
        ["net.core.somaxconn"] = "4096",
        ["net.ipv4.tcp_max_syn_backlog"] = "4096",
        ["net.ipv4.tcp_max_tw_buckets"] = "4000",
    };

    private readonly Process _keeper;

    private BenchHost(string device, IPAddress address, Process keeper) => (Device, Address, _keeper) = (device, address, keeper);

    /// <summary>Its network device.</summary>
    internal string Device { get; }

    /// <summary>Its address on the wire between the two.</summary>
    internal IPAddress Address { get; }

    /// <summary>A process inside it, for commands that want one.</summary>
    internal string Inside => _keeper.Id.ToString(CultureInfo.InvariantCulture);

    internal static BenchHost Create(string device, IPAddress address) =>
        new(device, address, BenchProcess.Launch(["unshare", "--net", "--pid", "--fork", "--kill-child", "cat"]));

    /// <summary>A command as it is run inside.</summary>
    internal IReadOnlyList<string> Enter(params IEnumerable<string> command) =>
        ["nsenter", $"--net=/proc/{Inside}/ns/net", $"--pid=/proc/{Inside}/ns/pid_for_children", "--", .. command];

    /// <summary>Runs a command in the network to its end; it sees the machine's process ids, as <see cref="Inside"/> is one.</summary>
    internal Task<string> RunAsync(string command, CancellationToken cancellationToken) => RunAsync(command.Split(' '), cancellationToken);

    /// <summary>The same with the words of the command given one by one.</summary>
    internal Task<string> RunAsync(IReadOnlyList<string> words, CancellationToken cancellationToken) =>
        Command.RunAsync(["nsenter", $"--net=/proc/{Inside}/ns/net", "--", .. words], cancellationToken);

    /// <summary>Waits until the namespaces are there.</summary>
    internal async Task AwaitAsync(CancellationToken cancellationToken)
    {
        while (!HasOwnNetwork())
        {
            if (_keeper.HasExited)
            {
                throw new BenchException($"a network namespace cannot be made (root is needed): {(await _keeper.StandardError.ReadToEndAsync(cancellationToken)).Trim()}");
            }

            await Task.Delay(10, cancellationToken);
        }
    }

    /// <summary>Sets the device up.</summary>
    internal async Task ConfigureAsync(CancellationToken cancellationToken)
    {
        await RunAsync($"ip addr add {Address}/24 dev {Device}", cancellationToken);
        await RunAsync("ip link set lo up", cancellationToken);
        await RunAsync($"ip link set {Device} up", cancellationToken);
        foreach (var (name, value) in Settings)
        {
            await RunAsync(["sysctl", "-qw", $"{name}={value}"], cancellationToken);
        }
    }

    /// <summary>Whether something listens on a TCP port inside.</summary>
    internal bool Listens(int port)
    {
        // /proc/PID/net/tcp: local address as HEX:HEXPORT in the second column, the state (0A: listening) in the fourth.
        var ending = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return new[] { "tcp", "tcp6" }
            .SelectMany(table => File.ReadLines($"/proc/{Inside}/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(columns => columns[1].EndsWith(ending, StringComparison.Ordinal) && columns[3] is "0A");
    }

    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    private bool HasOwnNetwork() => _keeper is { HasExited: false }
        && ProcessTable.Read().Tree([_keeper.Id]).Count > 1
        && !string.Equals(Link(Inside), Link("self"), StringComparison.Ordinal);

    private static string? Link(string process) => new FileInfo($"/proc/{process}/ns/net").LinkTarget;
}
