using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Warp.Cluster.Protocol;
using Warp.Node.Relay.Edges;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Relay.Trunks;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Dialing;

/// <summary>
/// Dials public services for the ingress: a container of this runner directly, one elsewhere by a stream whose local end is a socket pair. Tries again while something may still change,
/// as long as the target's hold.
/// </summary>
internal sealed class ServiceDialer(RelayServices services, Func<Peer, TunnelLink> links) : IServiceDialer
{
    // A runner that holds the connection, because its instance is not ready, is left for another one after this time.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);
    private readonly IngressCounts _counts = new();

    /// <inheritdoc/>
    public async Task<Stream> ConnectAsync(PublicTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var start = Environment.TickCount64;
        var call = new CountedCall(services.Edges.Of(new EdgeName(target.Deployment, default, target.Service, target.Port), services.Options.LoopCount), RelayClock.Microseconds);
        for (var pause = FirstPause; ; pause = pause < LongestPause ? 2 * pause : LongestPause)
        {
            var attempt = await TryAsync(target, call, start, cancellationToken).ConfigureAwait(false);
            if (attempt.Stream is { } stream)
            {
                return stream;
            }

            if (!attempt.Outcome.MayChange || Elapsed(start) >= attempt.Limit)
            {
                call.Failed(attempt.Outcome.Failure);
                throw new IOException($"no instance of {target.Service} in {target.Deployment} took a connection to port {target.Port}: {attempt.Outcome.Problem}");
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan Elapsed(long start) => TimeSpan.FromMilliseconds(Environment.TickCount64 - start);

    // Each place once: this runner first, then the others by their connections. The first success or final failure counts.
    private async Task<Attempt> TryAsync(PublicTarget target, CountedCall call, long start, CancellationToken cancellationToken)
    {
        var request = OpenRequest.OfIngress(target.Deployment, target.Service, target.Port);
        var here = services.Routes.ResolveExit(services.Routes.Self, request);
        if (here.Instance is { } instance)
        {
            return await ConnectHereAsync(target, instance, call, cancellationToken).ConfigureAwait(false);
        }

        var left = Candidates(target);
        var last = new Attempt(null, new DialOutcome(left.IsEmpty ? "no instance of it serves on a known runner" : null, MayChange: true, EdgeFailure.NotRunning), target.Hold);
        while (LeastConnections.Pick(left, this, static (c, dialer) => dialer.TrunkTo(c) is not null) is { } candidate && TrunkTo(candidate) is { } trunk)
        {
            left = left.Remove(candidate);
            var remaining = target.Hold + services.Options.DialTimeout - Elapsed(start);
            var (stream, outcome) = await OpenAsync(trunk, request, candidate.Connections, call, left.IsEmpty ? remaining : Min(Patience, remaining), cancellationToken).ConfigureAwait(false);
            last = new Attempt(stream, outcome with { Problem = $"{candidate.Peer.Runner}: {outcome.Problem}" }, target.Hold);
            if (stream is not null || !outcome.MayChange)
            {
                return last;
            }
        }

        foreach (var candidate in left)
        {
            links(candidate.Peer).DialOnDemand();
            var limit = target.Hold > services.Options.TrunkWait ? target.Hold : services.Options.TrunkWait;
            last = new Attempt(null, new DialOutcome($"{candidate.Peer.Runner}: the tunnel to it is not up", MayChange: true, EdgeFailure.TunnelLost), limit);
        }

        return last;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private ImmutableArray<Candidate> Candidates(PublicTarget target) =>
    [
        .. from runner in target.Runners.Distinct()
           let peer = services.Routes.FindPeer(runner)
           where peer is not null
           select new Candidate(peer, _counts.Of(target.Deployment, target.Service, runner)),
    ];

    private Trunk? TrunkTo(Candidate candidate)
    {
        var link = links(candidate.Peer);
        link.Keep();
        return link.Pick(local: null);
    }

    private async Task<Attempt> ConnectHereAsync(PublicTarget target, LocalInstance instance, CountedCall call, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(services.Options.DialTimeout);
        instance.Connections.Add();
        try
        {
            await socket.ConnectAsync(new IPEndPoint(instance.Address.ToIPAddress(), target.Port), limit.Token).ConfigureAwait(false);
            call.Connected();
            return new Attempt(new DialedStream(socket, instance, call), DialOutcome.Connected, target.Hold);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            instance.Connections.Remove();
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            var problem = failure is SocketException { SocketErrorCode: var code } ? code.ToString() : "no answer in time";
            var mayChange = failure is SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable };
            var counted = mayChange ? EdgeFailure.Unreachable : failure is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? EdgeFailure.Refused : EdgeFailure.TimedOut;
            return new Attempt(null, new DialOutcome($"its container {instance.Address}: {problem}", mayChange, counted), target.Hold);
        }
    }

    private static async Task<(Stream? Stream, DialOutcome Outcome)> OpenAsync(
        Trunk trunk, OpenRequest request, ConnectionCount connections, CountedCall call, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (SocketPair.Open(out var fault) is not { } pair)
        {
            return (null, new DialOutcome(fault.Describe(), MayChange: true, EdgeFailure.Overloaded));
        }

        var path = new IngressPath(request, connections);
        trunk.Share.Loop.Post(() =>
        {
            if (!trunk.Streams.TryOpen(pair.Loop, path, request.Port, call))
            {
                pair.Loop.Dispose();
                path.NotBegun();
            }
        });
        try
        {
            var outcome = await path.Answer.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            if (outcome == DialOutcome.Connected)
            {
                return (new DialedStream(pair.Framework, path), outcome);
            }

            pair.Framework.Dispose();
            return (null, outcome);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            trunk.Share.Loop.Post(path.Abandon);
            pair.Framework.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return (null, DialOutcome.Silent);
        }
    }

    /// <summary>A runner to try.</summary>
    private sealed record Candidate(Peer Peer, ConnectionCount Connections) : ICounted;

    /// <summary>What one round came to.</summary>
    /// <param name="Stream">The connection; null when there is none.</param>
    /// <param name="Outcome">Why not.</param>
    /// <param name="Limit">How long it is worth trying, from the beginning.</param>
    private sealed record Attempt(Stream? Stream, DialOutcome Outcome, TimeSpan Limit);
}
