using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli;

/// <summary>The cluster's logins at image registries; each change may be sent again.</summary>
/// <param name="node">The node that is asked.</param>
internal sealed class RegistryClient(NodeClient node)
{
    private const string Root = "warp/v1/registries";

    public Task<RegistryListDocument> ListAsync(CancellationToken cancellationToken) => node.ReadAsync(Root, ManagementJson.Default.RegistryListDocument, cancellationToken);

    public Task<RegistryDocument> LoginAsync(string registry, RegistryLoginRequest login, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Put, registry, JsonContent.Create(login, ManagementJson.Default.RegistryLoginRequest), ManagementJson.Default.RegistryDocument, cancellationToken);

    public Task<RegistryListDocument> LogoutAsync(string registry, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, registry, null, ManagementJson.Default.RegistryListDocument, cancellationToken);

    private async Task<T> SendAsync<T>(HttpMethod method, string registry, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"{Root}/{Uri.EscapeDataString(registry)}") { Content = body };
        using var answer = await node.SendStreamAsync(request, cancellationToken);
        return await answer.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new OperatorException(ExitCode.Failed, "The node answered nothing.");
    }
}
