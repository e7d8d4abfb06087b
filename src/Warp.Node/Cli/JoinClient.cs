using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;
using Warp.Node.Http.Endpoints;
using Warp.Node.Security;

namespace Warp.Node.Cli;

/// <summary>Asks the node that a join token names to take this machine in, after that node has proven to be of the cluster that the token names.</summary>
/// <param name="token">The token.</param>
internal sealed class JoinClient(JoinToken token)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes a key here and has it signed there.</summary>
    /// <returns>All that the machine needs.</returns>
    /// <exception cref="OperatorException">The node does not answer, is of another cluster, or refuses.</exception>
    public async Task<RunnerBundle> JoinAsync(string name, string address, NodePorts ports, CancellationToken cancellationToken)
    {
        using var authority = await AuthorityAsync(cancellationToken);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new JoinRequestDocument(token.Id, token.Secret, name, address, ports, SigningRequest.Of(key));
        using var client = Client(new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(authority) });
        using var answer = await SendAsync(() => client.PostAsJsonAsync(JoinEndpoints.Path, request, ManagementJson.Default.JoinRequestDocument, cancellationToken), cancellationToken);
        var joined = (await answer.Content.ReadFromJsonAsync(ManagementJson.Default.JoinedDocument, cancellationToken))!;
        var node = JsonSerializer.Deserialize(joined.Node, NodeJson.Default.NodeDescription)!;
        return new RunnerBundle(RunnerBundle.CurrentFormat, node, joined.Certificate, key.ExportPkcs8PrivateKeyPem(), joined.Authorities, joined.ClusterKey);
    }

    [SuppressMessage(
        "Security",
        "CA5359:Do not disable certificate validation",
        Justification = "Nothing is said here and one certificate is asked for, which is compared with the fingerprint in the token; only what it signed is believed afterwards.")]
    private async Task<X509Certificate2> AuthorityAsync(CancellationToken cancellationToken)
    {
        using var client = Client(new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true });
        using var answer = await SendAsync(() => client.GetAsync(JoinEndpoints.AuthorityPath, cancellationToken), cancellationToken);
        var authority = X509Certificate2.CreateFromPem((await answer.Content.ReadFromJsonAsync(ManagementJson.Default.SignedDocument, cancellationToken))!.Certificate);
        if (string.Equals(JoinToken.FingerprintOf(authority), token.Authority, StringComparison.Ordinal))
        {
            return authority;
        }

        authority.Dispose();
        throw new OperatorException(
            ExitCode.Forbidden, $"The node at {token.Node} is not of the cluster that made the token: its CA is another one, and nothing was told to it. Was the CA replaced since ('warp ca rotate')? Then make a new token with 'warp token create'.");
    }

    private HttpClient Client(SslClientAuthenticationOptions tls) =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, SslOptions = tls }) { BaseAddress = new Uri($"https://{token.Node}/"), Timeout = Patience };

    private static X509ChainPolicy Trusting(X509Certificate2 authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        return policy;
    }

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await send();
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OperatorException(
                ExitCode.Unreachable, $"No node of the cluster answers at {token.Node} ({(failure.InnerException ?? failure).Message}). Is it running, and is its management port open to this machine?", failure);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await NodeRefusal.OfAsync(answer, cancellationToken);
        }
    }
}
