using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Warp.Cluster.Identity;
using Warp.Node.Diagnosis.Native;
using Warp.Node.Docker;
using Warp.Node.Names;

namespace Warp.Node.Diagnosis.Paths;

/// <summary>Opens sockets in the network namespaces of containers, so that whatever a container would meet is met: its rules, its resolver, the tunnel, the target.</summary>
internal sealed class PathProbe(DockerEngine engine) : IPathProbe
{
    private const int DnsPort = 53;
    private static readonly TimeSpan LookupPatience = TimeSpan.FromSeconds(3);

    // Longer than a service usually holds a caller.
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task<CallFacts> CallAsync(string containerId, string name, Ipv4Address address, int port, CancellationToken cancellationToken)
    {
        var process = await ContainerProcess.FindAsync(engine, containerId, cancellationToken);
        if (process.Failure is { } failure)
        {
            return new CallFacts(failure.Message, [], "", 0);
        }

        try
        {
            var resolver = ResolvConf.Parse(File.ReadLines($"/proc/{process.Value}/root/etc/resolv.conf"))
                .FirstOrDefault(server => server.AddressFamily == AddressFamily.InterNetwork);
            var (question, call) = await NetworkNamespace.RunAsync(process.Value, static () => (
                new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)));
            using (question)
            using (call)
            {
                var addresses = await LookUpAsync(question, resolver, name, cancellationToken);
                var begin = Stopwatch.GetTimestamp();
                var outcome = await ConnectAsync(call, new IPEndPoint(address.ToIPAddress(), port), cancellationToken);
                return new CallFacts(null, addresses, outcome, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }
        }
        catch (IOException gone)
        {
            return new CallFacts(gone.Message, [], "", 0);
        }
    }

    /// <inheritdoc/>
    public async Task<ListenerFacts> ListenersAsync(string containerId, CancellationToken cancellationToken)
    {
        var process = await ContainerProcess.FindAsync(engine, containerId, cancellationToken);
        if (process.Failure is { } failure)
        {
            return new ListenerFacts(failure.Message, []);
        }

        try
        {
            return new ListenerFacts(null, [.. ListeningSockets.Of(process.Value).Select(socket => socket.ToString())]);
        }
        catch (IOException gone)
        {
            return new ListenerFacts(gone.Message, []);
        }
    }

    private static async Task<ImmutableArray<string>> LookUpAsync(Socket socket, IPAddress? resolver, string name, CancellationToken cancellationToken)
    {
        if (resolver is null)
        {
            return [];
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LookupPatience);
        try
        {
            await socket.ConnectAsync(resolver, DnsPort, limit.Token);
            await socket.SendAsync(AddressQuery.Of(name), limit.Token);
            var answer = new byte[512];
            var count = await socket.ReceiveAsync(answer, limit.Token);
            return [.. AddressQuery.Addresses(answer.AsSpan(0, count)).Select(found => found.ToString())];
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [];
        }
    }

    private static async Task<string> ConnectAsync(Socket socket, IPEndPoint target, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectPatience);
        try
        {
            await socket.ConnectAsync(target, limit.Token);
            return CallFacts.Connected;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode.ToString();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return nameof(SocketError.TimedOut);
        }
    }
}
