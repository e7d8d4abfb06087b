using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Warp.Cluster.Containers;
using Warp.Cluster.Specs;

namespace Warp.Node.Runners;

/// <summary>Looks at a container from the host: a connection or a request to its address on the bridge, or a program inside it.</summary>
/// <param name="exec">Runs programs inside containers.</param>
internal sealed class HealthProbe(IContainerExec exec) : IHealthProbe, IDisposable
{
    private readonly CommandProbe _command = new(exec);

    // A redirect is an answer, and what it leads to may be somebody else's.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(ProbeTarget target, Probe probe, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return probe.Kind switch
            {
                HealthCheckKind.Command => await _command.RunAsync(target.ContainerId, probe.Command, limit.Token).WaitAsync(limit.Token),
                _ when target.Address is null => new ProbeResult(false, "the container has no address on its network"),
                HealthCheckKind.Http => await RequestAsync(EndpointOf(target, probe), probe.Path, limit.Token),
                _ => await ConnectAsync(EndpointOf(target, probe), limit.Token),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeResult(false, string.Create(CultureInfo.InvariantCulture, $"{Name(probe)} did not answer within {timeout.TotalSeconds:0.#} s"));
        }
        catch (Exception failure) when (failure is SocketException or HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
        {
            return new ProbeResult(false, Explain(probe, failure));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<ProbeResult> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endpoint, cancellationToken);
        return new ProbeResult(true, $"port {endpoint.Port} accepts connections");
    }

    private async Task<ProbeResult> RequestAsync(IPEndPoint endpoint, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{endpoint}{path}"));
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.ParseAdd("warp-health");
        using var answer = await _http.SendAsync(request, cancellationToken);
        var status = (int)answer.StatusCode;
        return new ProbeResult(status is >= 200 and < 400, $"GET {path} on port {endpoint.Port} answered {status}");
    }

    private static IPEndPoint EndpointOf(ProbeTarget target, Probe probe) => new(IPAddress.Parse(target.Address!.Value.ToString()), probe.Port);

    private static string Name(Probe probe) => probe.Kind switch
    {
        HealthCheckKind.Command => $"the command '{string.Join(' ', probe.Command)}'",
        HealthCheckKind.Http => $"GET {probe.Path} on port {probe.Port}",
        _ => $"port {probe.Port}",
    };

    private static string Explain(Probe probe, Exception failure) => (failure as SocketException ?? failure.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => $"port {probe.Port} refuses connections",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "the container cannot be reached on its network",
        _ => $"{Name(probe)} failed: {failure.Message}",
    };
}
