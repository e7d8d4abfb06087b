using System.Diagnostics;
using System.Globalization;
using System.Net;
using Warp.Bench.Compare;
using Warp.Bench.Load;

namespace Warp.Bench.Peers;

/// <summary>What a peer is started with, and the processes that it has started.</summary>
internal sealed class PeerSetting(TwoHosts hosts, BenchCredentials credentials, string folder, int port, int serverPort) : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(10);
    private readonly List<BenchProcess> _processes = [];

    internal BenchHost ClientHost => hosts.Client;

    internal BenchHost ServerHost => hosts.Server;

    internal BenchCredentials Credentials => credentials;

    /// <summary>Its own folder, for configuration files.</summary>
    internal string Folder => folder;

    /// <summary>A port of its own, free on both hosts.</summary>
    internal int Port => port;

    /// <summary>The load server's port, on every address of its host.</summary>
    internal int ServerPort => serverPort;

    /// <summary>The port as text.</summary>
    internal string PortText => port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Where clients connect to an entry that listens on loopback.</summary>
    internal IPEndPoint LocalEntry => new(IPAddress.Loopback, port);

    /// <summary>Where an exit listens.</summary>
    internal IPEndPoint Exit => new(hosts.Server.Address, port);

    /// <summary>The load server as an exit sees it.</summary>
    internal IPEndPoint Server => new(hosts.Server.Address, serverPort);

    /// <summary>Its processes; what they and their children use is what the tunnel costs.</summary>
    internal IReadOnlyList<int> Pids => [.. _processes.Select(process => process.Pid)];

    /// <summary>Whether all of them run.</summary>
    internal bool IsHealthy => _processes.TrueForAll(process => process.IsAlive);

    /// <summary>What they said last.</summary>
    internal string Said => string.Join(" | ", _processes.Select(process => process.Said).Where(said => said.Length > 0));

    /// <summary>Writes a file into the folder and returns its path.</summary>
    internal async Task<string> WriteAsync(string name, string content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, content, cancellationToken);
        return path;
    }

    /// <summary>Starts a process of the tunnel on a host.</summary>
    internal void Spawn(BenchHost host, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> command) =>
        _processes.Add(BenchProcess.Start(host.Enter(command), environment));

    /// <summary>Starts a process of the tunnel on a host.</summary>
    internal void Spawn(BenchHost host, params IEnumerable<string> command) => _processes.Add(BenchProcess.Start(host.Enter(command)));

    /// <summary>Waits until something listens on the port of a host.</summary>
    internal Task AwaitListenerAsync(BenchHost host, CancellationToken cancellationToken) =>
        AwaitAsync($"nothing listens on port {port}", () => Task.FromResult(host.Listens(port)), cancellationToken);

    /// <summary>Waits until the load server answers at another address of its host, for peers that carry packets.</summary>
    /// <returns>Where clients connect.</returns>
    internal async Task<IPEndPoint> AwaitServerAsync(IPAddress address, CancellationToken cancellationToken)
    {
        var command = ClientHost.Enter(Command.Self("load", "await", $"{address}", $"{serverPort}"));
        var answer = LoadRun.Read(await Command.RunAsync(command, cancellationToken));
        return answer["answers"] is 1 ? new IPEndPoint(address, serverPort) : throw new BenchException($"nothing answers at {address}: {Said}");
    }

    /// <summary>Waits until the condition is true; a process that has ended ends the wait.</summary>
    internal async Task AwaitAsync(string otherwise, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(20, cancellationToken))
        {
            if (!IsHealthy || Stopwatch.GetElapsedTime(start) > StartTime)
            {
                throw new BenchException($"{otherwise}: {Said}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _processes.Clear();
    }
}
