using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Warp.Lab.Nodes;

/// <summary>A node's management API over the administrator's Unix socket.</summary>
public sealed class WarpApi : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _http;

    /// <summary>A client of the node behind the socket.</summary>
    /// <param name="socket">The socket's path as this process sees it.</param>
    public WarpApi(string socket)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://warp/"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Whether the node says that it is ready.</summary>
    public async Task<bool> IsReadyAsync()
    {
        using var answer = await _http.GetAsync(new Uri("/ready", UriKind.Relative));
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Sends a deployment's document as it is, whether right or wrong.</summary>
    public async Task<ApiAnswer> PutAsync(string deployment, string document)
    {
        using var content = new StringContent(document, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Put, One(deployment)) { Content = content };

        // A document that is too large is then refused before it is sent, and the refusal is not lost in a broken pipe.
        request.Headers.ExpectContinue = true;
        using var answer = await _http.SendAsync(request);
        return await ReadAsync(answer);
    }

    /// <summary>Removes a deployment.</summary>
    public async Task<ApiAnswer> DeleteAsync(string deployment)
    {
        using var answer = await _http.DeleteAsync(One(deployment));
        return await ReadAsync(answer);
    }

    /// <summary>Reads anything.</summary>
    public async Task<ApiAnswer> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(answer);
    }

    /// <summary>A deployment's state; null when there is no such deployment.</summary>
    public async Task<DeploymentState?> FindAsync(string deployment)
    {
        using var answer = await _http.GetAsync(One(deployment));
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<DeploymentState>(Json);
    }

    /// <summary>Takes a member out of the cluster by Akka Management, as if its peers had given it up.</summary>
    /// <param name="member">Its address, such as <c>akka.ssl.tcp://warp@10.77.0.12:4053</c>.</param>
    /// <returns>Whether it was accepted.</returns>
    public async Task<bool> DownAsync(string member)
    {
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("operation", "Down")]);
        using var answer = await _http.PutAsync(new Uri($"/cluster/members/{member}", UriKind.Relative), content);
        return answer.IsSuccessStatusCode;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Uri One(string deployment) => new($"/warp/v1/deployments/{deployment}", UriKind.Relative);

    private static async Task<ApiAnswer> ReadAsync(HttpResponseMessage answer) =>
        new(answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
}

/// <summary>What the API answered.</summary>
/// <param name="Status">The status code.</param>
/// <param name="MediaType">Of the body.</param>
/// <param name="Body">The body as text.</param>
public sealed record ApiAnswer(HttpStatusCode Status, string? MediaType, string Body);

/// <summary>What a test wants to know of a deployment.</summary>
public sealed record DeploymentState(string Name, long Revision, bool Removing, IReadOnlyList<ServiceState> Services, string Rollout, string? Outcome);

/// <summary>One service of a <see cref="DeploymentState"/>.</summary>
public sealed record ServiceState(
    string Name, string IstAddress, int? Port, string? Waiting, IReadOnlyList<InstanceState> Instances, IReadOnlyList<string> Urls);

/// <summary>One instance of a <see cref="ServiceState"/>.</summary>
public sealed record InstanceState(
    long Generation, string Runner, string Phase, string? ContainerId, string? ContainerAddress, DateTimeOffset? StartedAt, int Restarts, string? Cause, string Role, string Health);
