using System.Net.Http.Json;
using System.Text.Json;
using Akka.Cluster;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;
using Warp.Node.Http.Documents;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>Has something signed by that of the control nodes that holds the cluster's CA, over the management API and mutual TLS.</summary>
/// <param name="cluster">Knows which members are control nodes.</param>
/// <param name="actors">Knows where runners answer.</param>
/// <param name="credentials">What this node proves itself with.</param>
internal sealed class AuthorityClient(IClusterAccess cluster, ActorGateway actors, ICredentialSource credentials)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks one control node after the other, first the one that says that it signs.</summary>
    /// <param name="path">The endpoint; it answers with a <see cref="SignedDocument"/>.</param>
    /// <param name="body">Makes the body of a request.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<IssuanceResult> AskAsync(string path, Func<HttpContent> body, CancellationToken cancellationToken)
    {
        try
        {
            var refusals = new List<string>();
            foreach (var node in await ControlNodesAsync(cancellationToken))
            {
                var result = await AskAsync(node, path, body, cancellationToken);
                if (result.CertificatePem is not null)
                {
                    return result;
                }

                refusals.Add($"{node.Runner}: {result.Problem}");
            }

            return IssuanceResult.Refused(refusals is [] ? "no control node is known yet" : string.Join("; ", refusals));
        }
        catch (ProblemException failure)
        {
            return IssuanceResult.Refused(failure.Problem.Detail);
        }
    }

    /// <summary>A node has one address for the cluster and for its management API.</summary>
    private async Task<IReadOnlyList<RunnerStatus>> ControlNodesAsync(CancellationToken cancellationToken)
    {
        var runners = await actors.ListRunnersAsync(cancellationToken);
        if (cluster.Current is not { } current)
        {
            return [];
        }

        var hosts = Akka.Cluster.Cluster.Get(current.System).State.Members
            .Where(member => member.Status is MemberStatus.Up or MemberStatus.WeaklyUp && member.HasRole(ClusterRoles.Control))
            .Select(member => member.Address.Host)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. runners.Runners.Select(runner => runner.Status).Where(status => hosts.Contains(status.Management.Host)).OrderByDescending(status => status.Certificates?.Signs ?? false)];
    }

    private async Task<IssuanceResult> AskAsync(RunnerStatus node, string path, Func<HttpContent> body, CancellationToken cancellationToken)
    {
        string? refusal = null;
        using var handler = PeerConnection.Handler(credentials.Current, node.Runner, reason => refusal = reason);
        using var client = new HttpClient(handler) { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder("https", node.Management.Host, node.Management.Port, path).Uri) { Content = body() };
        request.Headers.Add(RunnerForward.PassedOnBy, credentials.Current.Runner.Value);
        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode
                ? IssuanceResult.Issued((await answer.Content.ReadFromJsonAsync(ManagementJson.Default.SignedDocument, cancellationToken))!.Certificate)
                : IssuanceResult.Refused((await answer.Content.ReadFromJsonAsync(ManagementJson.Default.Problem, cancellationToken))?.Detail ?? answer.ReasonPhrase ?? "it refused");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return IssuanceResult.Refused($"it does not answer: {refusal ?? failure.Message}");
        }
    }
}
