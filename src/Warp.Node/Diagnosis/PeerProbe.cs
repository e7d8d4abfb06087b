using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Warp.Cluster.Protocol;
using Warp.Node.Security;

namespace Warp.Node.Diagnosis;

/// <summary>Reaches for another runner: each of its ports, then its management API by a request that proves who answers.</summary>
/// <param name="credentials">What this node proves itself with.</param>
internal sealed class PeerProbe(ICredentialSource credentials)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How far clocks may be apart without certificates being refused.</summary>
    public TimeSpan ClockTolerance => credentials.Current.ClockTolerance;

    /// <summary>Looks at all of it at once.</summary>
    public async Task<PeerFacts> LookAsync(PeerPlace place, CancellationToken cancellationToken)
    {
        (string What, NodeEndpoint? Where)[] ports = [("cluster", place.Cluster), ("tunnel", place.Tunnel), ("management", place.Management)];
        var reached = Task.WhenAll(ports.Where(port => port.Where is not null).Select(port => ReachAsync(port.What, port.Where!, cancellationToken)));
        var answer = await AskAsync(place, cancellationToken);
        return new PeerFacts(place, [.. await reached], answer.Failure, answer.ClockAhead, ClockTolerance);
    }

    private static async Task<PortFacts> ReachAsync(string what, NodeEndpoint where, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var problem = default(SocketError?);
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(where.Host, where.Port, AddressFamily.InterNetwork), limit.Token);
        }
        catch (SocketException failure)
        {
            problem = failure.SocketErrorCode;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            problem = SocketError.TimedOut;
        }

        return new PortFacts(what, where, problem, Stopwatch.GetElapsedTime(begin));
    }

    private async Task<(string? Failure, TimeSpan? ClockAhead)> AskAsync(PeerPlace place, CancellationToken cancellationToken)
    {
        string? refusal = null;
        using var handler = PeerConnection.Handler(credentials.Current, place.Runner, reason => refusal = reason);
        using var client = new HttpClient(handler) { Timeout = Patience + Patience };
        try
        {
            var before = DateTimeOffset.UtcNow;
            using var answer = await client.GetAsync(new UriBuilder("https", place.Management.Host, place.Management.Port, "alive").Uri, cancellationToken);
            var middle = before + ((DateTimeOffset.UtcNow - before) / 2);
            return (null, answer.Headers.Date - middle);
        }
        catch (HttpRequestException failure)
        {
            return (refusal ?? failure.Message, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ("no answer in time", null);
        }
    }
}

/// <summary>What was seen of another runner.</summary>
/// <param name="Place">Which, and where.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="Failure">Why its management API did not answer as it should; null when it did.</param>
/// <param name="ClockAhead">By how much its clock is ahead of ours, to a second; null when it did not say.</param>
/// <param name="ClockTolerance">How far they may be apart without certificates being refused.</param>
internal sealed record PeerFacts(PeerPlace Place, ImmutableArray<PortFacts> Ports, string? Failure, TimeSpan? ClockAhead, TimeSpan ClockTolerance);

/// <summary>What came of a connection to a port.</summary>
/// <param name="What">Whose port it is.</param>
/// <param name="Where">Host and port.</param>
/// <param name="Problem">Why there was none; null when there was.</param>
/// <param name="Took">How long that took.</param>
internal sealed record PortFacts(string What, NodeEndpoint Where, SocketError? Problem, TimeSpan Took);
