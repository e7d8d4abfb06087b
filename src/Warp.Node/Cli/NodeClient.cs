using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli;

/// <summary>Speaks the management API of one node; whatever the node refuses becomes an <see cref="OperatorException"/> with the node's own words.</summary>
internal sealed class NodeClient : IDisposable
{
    // A node that passes a body on asks the other one first.
    private static readonly TimeSpan RefusalPatience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly string _place;

    private NodeClient(SocketsHttpHandler handler, Uri address, string place)
    {
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        _place = place;
    }

    /// <summary>The node on this machine, through its Unix socket.</summary>
    public static NodeClient Local(string socket) => new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            Expect100ContinueTimeout = RefusalPatience,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        },
        new Uri("http://localhost/"),
        $"No node answers at {socket}. Start it with 'warp run', name its data folder with --data, or a node elsewhere with --node.");

    /// <summary>A node elsewhere, with mutual TLS.</summary>
    /// <exception cref="OperatorException">A file cannot be read.</exception>
    public static NodeClient Remote(Uri url, string certificateFile, string keyFile, string authorityFile)
    {
        var (certificate, authorities) = Load(certificateFile, keyFile, authorityFile);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            Expect100ContinueTimeout = RefusalPatience,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        return new NodeClient(handler, url, $"No node answers at {url.Authority}. Is it running, and is that its management address ('warp runners' lists them)?");
    }

    public Task<DeploymentDocument> PutAsync(string name, string document, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, DeploymentPath(name), document, ManagementJson.Default.DeploymentDocument, cancellationToken);

    public Task<DeploymentDocument> GetAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, DeploymentPath(name), null, ManagementJson.Default.DeploymentDocument, cancellationToken);

    public Task<RemovalDocument> RemoveAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, DeploymentPath(name), null, ManagementJson.Default.RemovalDocument, cancellationToken);

    public Task<DeploymentListDocument> ListAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "warp/v1/deployments", null, ManagementJson.Default.DeploymentListDocument, cancellationToken);

    public Task<RunnerListDocument> RunnersAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "warp/v1/runners", null, ManagementJson.Default.RunnerListDocument, cancellationToken);

    public Task<TunnelListDocument> TunnelsAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "warp/v1/tunnels", null, ManagementJson.Default.TunnelListDocument, cancellationToken);

    /// <summary>Copies a service's output as it comes.</summary>
    public async Task CopyLogsAsync(string deployment, string service, string query, string accept, Stream destination, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{DeploymentPath(deployment)}/services/{Uri.EscapeDataString(service)}/logs{query}");
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await AskAsync(request, cancellationToken);
        try
        {
            await answer.Content.CopyToAsync(destination, cancellationToken);
        }
        catch (HttpRequestException broken)
        {
            throw new OperatorException(ExitCode.Failed, "The output broke off: the node or its engine went away. Ask again with --tail to go on.", broken);
        }
    }

    /// <summary>Sends a request with a streamed body, and gives its answer as soon as its head is there; the caller reads and disposes it.</summary>
    /// <param name="request">With a path relative to the node's root; one that expects 100-continue learns of a refusal before it sends its body.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperatorException">The node does not answer or refuses.</exception>
    public Task<HttpResponseMessage> SendStreamAsync(HttpRequestMessage request, CancellationToken cancellationToken) => AskAsync(request, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static string DeploymentPath(string name) => $"warp/v1/deployments/{Uri.EscapeDataString(name)}";

    private async Task<T> SendAsync<T>(HttpMethod method, string path, string? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await AskAsync(request, cancellationToken);
        return await answer.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new OperatorException(ExitCode.Failed, "The node answered nothing.");
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException failure) when (failure.InnerException is OperatorException ours)
        {
            // The body could not be read on this side.
            throw new OperatorException(ours.ExitCode, ours.Message, failure);
        }
        catch (HttpRequestException failure)
        {
            throw new OperatorException(ExitCode.Unreachable, $"{_place} ({(failure.InnerException ?? failure).Message})", failure);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw new OperatorException(Code(answer.StatusCode), await ReasonAsync(answer, cancellationToken));
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            var problem = await answer.Content.ReadFromJsonAsync(ManagementJson.Default.Problem, cancellationToken);
            return problem switch
            {
                null => $"The node answered {(int)answer.StatusCode}.",
                { Errors: [_, _, ..] } => $"{problem.Title}:{string.Concat(problem.Errors.Select(error => $"\n  {error.Field}: {error.Message}"))}",
                _ => $"{problem.Title}: {problem.Detail}",
            };
        }
        catch (JsonException)
        {
            return $"The node answered {(int)answer.StatusCode} without a reason.";
        }
    }

    private static ExitCode Code(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => ExitCode.Usage,
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Forbidden => ExitCode.Forbidden,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway => ExitCode.Unreachable,
        _ => ExitCode.Failed,
    };

    private static (X509Certificate2 Certificate, X509Certificate2Collection Authorities) Load(string certificateFile, string keyFile, string authorityFile)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(authorityFile);
            return (X509Certificate2.CreateFromPemFile(certificateFile, keyFile), authorities);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new OperatorException(
                ExitCode.Usage, $"The client certificate cannot be read: {failure.Message} Name its files with --cert, --key and --ca; 'warp init' wrote them as admin.crt, admin.key and ca.crt.", failure);
        }
    }
}
