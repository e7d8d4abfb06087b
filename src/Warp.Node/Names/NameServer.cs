using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Warp.Node.Routing;

namespace Warp.Node.Names;

/// <summary>
/// The name server of this runner's containers, reached at the gateway of their bridge. Made once per process, beside the actor systems; it reads the routes and waits for nobody.
/// </summary>
internal sealed class NameServer : IAsyncDisposable
{
    private readonly NameServerOptions _options;
    private readonly DatagramListener _datagrams;
    private readonly ConnectionListener _connections;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Makes one that does nothing yet.</summary>
    /// <param name="options">Port, range and limits.</param>
    /// <param name="routes">Which names there are.</param>
    /// <param name="resolvers">Whom to ask for all others.</param>
    /// <param name="log">Its log.</param>
    public NameServer(NameServerOptions options, INameLookup routes, HostResolvers resolvers, ILogger log)
    {
        _options = options;
        Counters = new NameCounters(log);
        var waiting = new Occupancy(options.WaitingPerContainer, options.WaitingPerBridge, options.WaitingInAll);
        var resolver = new Resolver(routes, new ServiceZone(options.IstRange), new Forwarder(resolvers, options.ServerPatience), waiting, Counters);
        _datagrams = new DatagramListener(resolver);
        _connections = new ConnectionListener(resolver, new Occupancy(options.ConnectionsPerContainer, options.ConnectionsPerBridge, options.ConnectionsInAll), Counters);
    }

    /// <summary>What came of the questions since the start.</summary>
    public NameCounters Counters { get; }

    /// <summary>Where it listens, by UDP and by TCP.</summary>
    public IPEndPoint Endpoint => _datagrams.Endpoint;

    /// <summary>Binds the sockets and begins to answer. Called once.</summary>
    /// <returns>Why it cannot, for a person; null when it does.</returns>
    public string? Start()
    {
        try
        {
            _datagrams.Bind(_options.Endpoint);
            _connections.Bind(Endpoint);
        }
        catch (SocketException failure)
        {
            return $"cannot listen on {_options.Endpoint} for containers' questions for names: {failure.Message}. Free the port (ss -lntup shows who has it) or configure another";
        }

        _running = Task.WhenAll(_datagrams.RunAsync(_stop.Token), _connections.RunAsync(_stop.Token));
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _datagrams.Dispose();
        _connections.Dispose();
        _stop.Dispose();
    }
}
