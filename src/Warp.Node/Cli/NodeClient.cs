using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli;

/// <summary>Speaks the management API of one node; whatever the node refuses becomes an <see cref="OperatorException"/> with the node's own words.</summary>
internal sealed class NodeClient(NodeConnection node) : IDisposable
{
    /// <summary>Makes or changes a deployment.</summary>
    /// <param name="name">The deployment.</param>
    /// <param name="document">Its document.</param>
    /// <param name="wish">Its id, how long it may be tried, and for which revision it was made.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<DeploymentDocument> PutAsync(string name, string document, Wish wish, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Put, DeploymentPath(name), document, ManagementJson.Default.DeploymentDocument, wish, cancellationToken);

    /// <summary>Changes one thing of a deployment.</summary>
    /// <param name="name">The deployment.</param>
    /// <param name="change">The last part of the path, such as <c>restart</c> or what <see cref="ServicePath"/> made.</param>
    /// <param name="document">The request's body; null for none.</param>
    /// <param name="wish">Its id and how long it may be tried.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<DeploymentDocument> ChangeAsync(string name, string change, string? document, Wish wish, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Post, $"{DeploymentPath(name)}/{change}", document, ManagementJson.Default.DeploymentDocument, wish, cancellationToken);

    public Task<RemovalDocument> RemoveAsync(string name, Wish wish, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Delete, DeploymentPath(name), null, ManagementJson.Default.RemovalDocument, wish, cancellationToken);

    public Task<DeploymentDocument> GetAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync(DeploymentPath(name), ManagementJson.Default.DeploymentDocument, cancellationToken);

    public Task<HistoryDocument> HistoryAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync($"{DeploymentPath(name)}/history", ManagementJson.Default.HistoryDocument, cancellationToken);

    /// <summary>Asks what a deployment's document would change.</summary>
    public async Task<PlanDocument> PlanAsync(string name, string document, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{DeploymentPath(name)}/plan") { Content = new StringContent(document, Encoding.UTF8, "application/json") };
        using var answer = await AskAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await DocumentAsync(answer, ManagementJson.Default.PlanDocument, cancellationToken);
    }

    public Task<DeploymentListDocument> ListAsync(CancellationToken cancellationToken) =>
        ReadAsync("warp/v1/deployments", ManagementJson.Default.DeploymentListDocument, cancellationToken);

    public Task<RunnerListDocument> RunnersAsync(CancellationToken cancellationToken) =>
        ReadAsync("warp/v1/runners", ManagementJson.Default.RunnerListDocument, cancellationToken);

    public Task<TunnelListDocument> TunnelsAsync(CancellationToken cancellationToken) =>
        ReadAsync("warp/v1/tunnels", ManagementJson.Default.TunnelListDocument, cancellationToken);

    public Task<FlowListDocument> FlowsAsync(CancellationToken cancellationToken) =>
        ReadAsync("warp/v1/flows", ManagementJson.Default.FlowListDocument, cancellationToken);

    /// <summary>Opens a service's output; the caller reads and disposes it.</summary>
    /// <param name="service">Whose.</param>
    /// <param name="query">From the question mark on.</param>
    /// <param name="accept">The media type.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<HttpResponseMessage> OpenLogsAsync(ServiceTarget service, string query, string accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{DeploymentPath(service.Deployment)}/{ServicePath(service.Service, "logs")}{query}");
        request.Headers.Accept.ParseAdd(accept);
        return await AskAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Opens a WebSocket to a program inside a service's container.</summary>
    /// <param name="service">Whose.</param>
    /// <param name="query">From the question mark on.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    public async Task<WebSocket> OpenExecAsync(ServiceTarget service, string query, CancellationToken cancellationToken)
    {
        // The upgrade is asked for by hand: the framework's client would keep the node's reason for a refusal to itself. Who answers is proven by the connection, not by the handshake's key.
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{DeploymentPath(service.Deployment)}/{ServicePath(service.Service, "exec")}{query}");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
        var answer = await AskAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return WebSocket.CreateFromStream(await answer.Content.ReadAsStreamAsync(cancellationToken), new WebSocketCreationOptions { IsServer = false });
    }

    /// <summary>Sends a request with a streamed body, and gives its answer as soon as its head is there; the caller reads and disposes it.</summary>
    /// <param name="request">With a path relative to the node's root; one that expects 100-continue learns of a refusal before it sends its body.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperatorException">The node does not answer or refuses.</exception>
    public Task<HttpResponseMessage> SendStreamAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        AskAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>Reads one document.</summary>
    public async Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await AskAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await DocumentAsync(answer, type, cancellationToken);
    }

    /// <summary>Sends a change, again when the answer is lost.</summary>
    public async Task<T> ChangeAsync<T>(HttpMethod method, string path, string? document, JsonTypeInfo<T> type, Wish wish, CancellationToken cancellationToken)
    {
        using var answer = await ChangeAsync(method, path, document, wish, cancellationToken);
        return await DocumentAsync(answer, type, cancellationToken);
    }

    /// <summary>Sends a change, again when the answer is lost; the caller disposes the answer.</summary>
    public async Task<HttpResponseMessage> ChangeAsync(HttpMethod method, string path, string? document, Wish wish, CancellationToken cancellationToken)
    {
        return await TakenAsync(() => RepeatedSending.SendAsync(node, Request, wish, cancellationToken), cancellationToken);

        // Without content the handler would repeat a lost request by itself, and nobody would know.
        HttpRequestMessage Request() =>
            new(method, path) { Content = document is null ? new ByteArrayContent([]) : new StringContent(document, Encoding.UTF8, "application/json") };
    }

    public void Dispose() => node.Dispose();

    /// <summary>The path of something of a service, below its deployment.</summary>
    public static string ServicePath(string service, string part) => $"services/{Uri.EscapeDataString(service)}/{part}";

    private static string DeploymentPath(string name) => $"warp/v1/deployments/{Uri.EscapeDataString(name)}";

    private Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, HttpCompletionOption until, CancellationToken cancellationToken) =>
        TakenAsync(() => node.Http.SendAsync(request, until, cancellationToken), cancellationToken);

    private async Task<HttpResponseMessage> TakenAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await send();
        }
        catch (HttpRequestException failure) when (failure.InnerException is OperatorException ours)
        {
            // The body could not be read on this side.
            throw new OperatorException(ours.ExitCode, ours.Message, failure);
        }
        catch (HttpRequestException failure)
        {
            throw new OperatorException(ExitCode.Unreachable, $"{node.Place} ({(failure.InnerException ?? failure).Message})", failure);
        }

        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            return answer;
        }

        using (answer)
        {
            throw await NodeRefusal.OfAsync(answer, cancellationToken);
        }
    }

    private static async Task<T> DocumentAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await answer.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new OperatorException(ExitCode.Failed, "The node answered nothing.");
}
