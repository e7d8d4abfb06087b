using System.Globalization;
using Warp.Bench.Peers;

namespace Warp.Bench.Compare;

/// <summary>One run of the bench: everything is started, measured in rounds and removed.</summary>
internal sealed class Comparison : IAsyncDisposable
{
    private const int FirstPort = 7000;
    private const int ServerPort = 9000;
    private readonly CompareOptions _options;
    private readonly TwoHosts _hosts;
    private readonly DirectoryInfo _folder;
    private readonly BenchCredentials _credentials;
    private readonly BenchProcess _server;
    private readonly Dictionary<string, RunningPeer> _running = new(StringComparer.Ordinal);
    private readonly List<PeerResult> _peers = [];
    private readonly List<RunResult> _runs = [];

    private Comparison(CompareOptions options, TwoHosts hosts, DirectoryInfo folder, BenchCredentials credentials)
    {
        (_options, _hosts, _folder, _credentials) = (options, hosts, folder, credentials);
        _server = LoadClient.StartServer(hosts.Server, ServerPort);
    }

    /// <summary>Sets up the two hosts and the server.</summary>
    internal static async Task<Comparison> CreateAsync(CompareOptions options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("warp-bench-");
        try
        {
            var credentials = await BenchCredentials.CreateAsync(folder.FullName, cancellationToken);
            var comparison = new Comparison(options, await TwoHosts.CreateAsync(cancellationToken), folder, credentials);
            return await comparison.BeginAsync(cancellationToken);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Starts the peers and measures each figure on all of them in turn, round after round.</summary>
    internal async Task<CompareResult> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var peer in _options.Peers)
        {
            await JoinAsync(peer, cancellationToken);
        }

        for (var round = 0; round < _options.Rounds; round++)
        {
            // Memory is measured once, at the end: it costs most of the time, and a peer that had thousands of connections is not the same for other figures.
            var isLast = round == _options.Rounds - 1;
            foreach (var (i, figure) in _options.Figures.Index().Where(entry => isLast || entry.Item.Group != Figures.Idle))
            {
                await RoundAsync(figure, round, round + i, cancellationToken);
            }
        }

        return new CompareResult(MachineFacts.Of(_options), _peers, _runs);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _running.Values)
        {
            await peer.DisposeAsync();
        }

        await _server.DisposeAsync();
        await _hosts.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<Comparison> BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!_hosts.Server.Listens(ServerPort))
            {
                if (!_server.IsAlive)
                {
                    throw new BenchException($"the load server does not start: {_server.Said}");
                }

                await Task.Delay(20, cancellationToken);
            }

            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task JoinAsync(TunnelPeer peer, CancellationToken cancellationToken)
    {
        string? version = null, problem = null;
        CheckResult? check = null;
        try
        {
            if (peer.Needs.FirstOrDefault(program => Command.Find(program) is null) is { } missing)
            {
                throw new BenchException($"{missing} is not installed");
            }

            version = peer.VersionCommand is { } command ? (await Command.RunAsync(command, cancellationToken)).Trim().Split('\n')[0] : null;
            _running[peer.Name] = await StartAsync(peer, cancellationToken);
            check = await PeerCheck.RunAsync(_hosts, _running[peer.Name], cancellationToken);
        }
        catch (BenchException failure)
        {
            if (_running.Remove(peer.Name, out var failed))
            {
                await failed.DisposeAsync();
            }

            problem = failure.Message;
        }

        Say($"{peer.Name}: {problem ?? "checked"}");
        _peers.Add(new PeerResult(peer.Name, peer.Note, peer.IsEncrypted, version, check, problem));
    }

    private Task<RunningPeer> StartAsync(TunnelPeer peer, CancellationToken cancellationToken)
    {
        var folder = _folder.CreateSubdirectory($"{peer.Name}-{Path.GetRandomFileName()}");
        var port = FirstPort + (_options.Peers.TakeWhile(other => other != peer).Count() * 10);
        return RunningPeer.StartAsync(peer, new PeerSetting(_hosts, _credentials, folder.FullName, port, ServerPort), cancellationToken);
    }

    /// <summary>One figure on every peer; the first one is another each time, so that nobody always follows the same.</summary>
    private async Task RoundAsync(Figure figure, int round, int turn, CancellationToken cancellationToken)
    {
        var order = _options.Peers.Where(peer => _running.ContainsKey(peer.Name)).ToList();
        for (var i = 0; i < order.Count; i++)
        {
            var peer = order[(i + turn) % order.Count];
            var run = await MeasureAsync(peer, figure, round, cancellationToken);
            _runs.Add(run);
            var numbers = string.Join(' ', figure.Group.Metrics.Where(metric => run.Metrics.ContainsKey(metric.Name)).Select(metric => $"{metric.Name}={run.Metrics[metric.Name].ToString("0.##", CultureInfo.InvariantCulture)}"));
            Say($"round {round + 1} {figure.Name} {peer.Name}: {run.Failure ?? numbers}");
        }
    }

    private async Task<RunResult> MeasureAsync(TunnelPeer peer, Figure figure, int round, CancellationToken cancellationToken)
    {
        try
        {
            var isIdle = figure.Group == Figures.Idle;
            if ((isIdle || !_running[peer.Name].IsHealthy) && _running.Remove(peer.Name, out var old))
            {
                await old.DisposeAsync();
                _running[peer.Name] = await StartAsync(peer, cancellationToken);
            }

            var metrics = isIdle
                ? await IdleMeasurement.RunAsync(_hosts.Client, _running[peer.Name], _options.IdleConnections, cancellationToken)
                : await Measurement.RunAsync(_hosts.Client, _running[peer.Name], figure, _options.SecondsOf(figure), cancellationToken);
            return new RunResult(peer.Name, figure.Name, round, null, metrics);
        }
        catch (BenchException failure)
        {
            return new RunResult(peer.Name, figure.Name, round, failure.Message, []);
        }
    }

    private static void Say(string text) => Console.Error.WriteLine(text);
}
