using System.Net.Sockets;
using Docker.DotNet;

namespace Warp.Node.Docker;

/// <summary>
/// The engine's calls whose body or answer is a stream of any length: builds and images as archives. Bytes go through as fast as both ends take them and are never
/// collected; the client library would, and does not pass on that a caller has gone.
/// </summary>
internal sealed class EngineStreams : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="endpoint"><c>unix:///path</c> or <c>tcp://host:port</c>.</param>
    public EngineStreams(Uri endpoint)
    {
        var isSocket = string.Equals(endpoint.Scheme, "unix", StringComparison.Ordinal);
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (isSocket)
        {
            handler.ConnectCallback = async (_, cancellationToken) => await ConnectAsync(endpoint.LocalPath, cancellationToken);
        }

        _http = new HttpClient(handler)
        {
            BaseAddress = isSocket ? new Uri("http://docker/") : new UriBuilder("http", endpoint.Host, endpoint.Port).Uri,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends it, and gives the answer as soon as its head is there.</summary>
    /// <param name="request">With a path relative to the engine's root, without a version: the engine answers in its own.</param>
    /// <param name="cancellationToken">Ends it, and what the engine does for it.</param>
    /// <exception cref="DockerApiException">The engine refuses.</exception>
    /// <exception cref="HttpRequestException">The engine does not answer, or the body cannot be read (see the inner exception).</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw new DockerApiException(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<NetworkStream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
