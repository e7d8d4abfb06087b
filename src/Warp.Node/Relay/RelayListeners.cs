using System.Net;
using Warp.Node.Relay.Entry;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;

namespace Warp.Node.Relay;

/// <summary>The listening sockets of an engine: bound before its threads run, so that a port that is taken is told at the start.</summary>
internal sealed class RelayListeners : IDisposable
{
    private const int Backlog = 4096;
    private readonly List<(Acceptor Acceptor, IEntrySource Source)> _entries = [];

    /// <summary>Where connections of containers arrive.</summary>
    internal IReadOnlyList<(Acceptor Acceptor, IEntrySource Source)> Entries => _entries;

    /// <summary>Where peers arrive; null when the engine takes none.</summary>
    internal Acceptor? Tunnel { get; private set; }

    /// <summary>Binds all that the options name.</summary>
    /// <returns>Why one cannot be bound; null when all are.</returns>
    internal string? Bind(RelayOptions options)
    {
        var sources = options.StaticEntries.Select(e => (e.Listen, (IEntrySource)new StaticSource(e), "connections of the static entry"));
        if (options.InterceptEndpoint is { } intercept)
        {
            sources = sources.Append((intercept, new RedirectedSource(), "intercepted connections"));
        }

        string? problem = null;
        foreach (var (endpoint, source, purpose) in sources)
        {
            if (Listen(endpoint, purpose, out problem) is not { } acceptor)
            {
                return problem;
            }

            // Accepted connections inherit it.
            ContainerSocket.Prepare(acceptor.Number);
            _entries.Add((acceptor, source));
        }

        if (options.TunnelEndpoint is { } tunnel)
        {
            Tunnel = Listen(tunnel, "tunnels of other runners", out problem);
        }

        return problem;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (acceptor, _) in _entries)
        {
            acceptor.Dispose();
        }

        Tunnel?.Dispose();
    }

    private static Acceptor? Listen(IPEndPoint endpoint, string purpose, out string? problem)
    {
        var socket = TcpSocket.Listen(endpoint, Backlog, out var fault);
        problem = socket is null ? $"cannot listen on {endpoint} for {purpose}: {fault.Describe()}. Free the port (ss -ltnp shows who has it) or configure another" : null;
        return socket is null ? null : new Acceptor(socket);
    }
}
