using System.Globalization;
using System.Net;
using Warp.Bench.Load;

namespace Warp.Bench.Scale.Traffic;

/// <summary>An entry and an exit, each a process, between the load and the echo server, and the idle connections through them.</summary>
internal sealed class EnginePair : IDisposable
{
    private readonly HelperProcess _exit;
    private readonly HelperProcess _entry;
    private readonly List<IdleLoad> _idle = [];
    private readonly int[] _idlePorts;

    /// <param name="folder">Where the credentials are.</param>
    /// <param name="deployments">How many deployments both have.</param>
    /// <param name="serverPort">The server's port.</param>
    /// <param name="idleDeployments">Of how many of them idle connections can be opened; the last is measured.</param>
    internal EnginePair(string folder, int deployments, int serverPort, int idleDeployments)
    {
        var (tunnel, listen) = (FreePort.Next(), FreePort.Next());
        _idlePorts = [.. Enumerable.Range(0, idleDeployments).Select(_ => FreePort.Next())];
        string[] common = ["--folder", folder, "--tunnel", Text(tunnel), "--deployments", Text(deployments), "--measured", Text(deployments - 1), "--port", Text(serverPort)];
        _exit = HelperProcess.Start(["engine", "--runner", "exit", .. common]);
        _entry = HelperProcess.Start(["engine", "--runner", "entry", .. common, "--listen", Text(listen), "--listen-idle", string.Join(',', _idlePorts)]);
        Listener = new IPEndPoint(IPAddress.Loopback, listen);
    }

    /// <summary>Where the load connects.</summary>
    internal IPEndPoint Listener { get; }

    /// <summary>Processor time of both engines so far, in microseconds.</summary>
    internal long Cpu => _entry.Ask("cpu") + _exit.Ask("cpu");

    /// <summary>Memory of both engines, in bytes.</summary>
    internal long Memory => _entry.ProportionalMemory + _exit.ProportionalMemory;

    /// <summary>Publishes routes at both ends that say the same.</summary>
    /// <returns>How many microseconds the longer of both took.</returns>
    internal long Publish() => Math.Max(_entry.Ask("publish"), _exit.Ask("publish"));

    /// <summary>Opens connections, each of which has carried a byte both ways, and leaves them open.</summary>
    /// <exception cref="InvalidOperationException">Not all of them are open.</exception>
    internal async Task OpenIdleAsync(int count)
    {
        for (var i = 0; i < _idlePorts.Length; i++)
        {
            var wanted = (count + i) / _idlePorts.Length;
            var load = new IdleLoad(new IPEndPoint(IPAddress.Loopback, _idlePorts[i]));
            _idle.Add(load);
            var alive = (await load.RunAsync(wanted, () => { }))["alive"];
            if (alive < wanted)
            {
                throw new InvalidOperationException($"only {alive} of {wanted} idle connections are open");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _idle.ForEach(load => load.Dispose());
        _entry.Dispose();
        _exit.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
