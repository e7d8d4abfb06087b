using Warp.Cluster.Identity;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Ingress.Certificates;

/// <summary>
/// Signs for all nodes where the cluster's CA is: host names of the ingress and nothing else. Every node serves the public URLs of every service, so each may have a certificate for each host.
/// </summary>
/// <param name="self">This runner, for a refusal.</param>
/// <param name="data">The data folder that may hold the CA.</param>
/// <param name="domains">The base domains.</param>
/// <param name="routes">Knows the services' own domains.</param>
/// <param name="time">The clock.</param>
internal sealed class AuthoritySigner(RunnerId self, DataFolder data, BaseDomains domains, PublicRouteTable routes, TimeProvider time) : ICertificateIssuer
{
    /// <summary>Whether the CA is here.</summary>
    public bool HasAuthority => Directory.Exists(data.AuthorityFolder);

    /// <inheritdoc/>
    public Task<IssuanceResult> IssueAsync(string requestPem, CancellationToken cancellationToken) => Task.Run(() => Issue(requestPem), cancellationToken);

    private IssuanceResult Issue(string requestPem)
    {
        if (!HasAuthority)
        {
            return IssuanceResult.Refused($"{self} does not hold the cluster's CA; the node where 'warp init' was run does, and it has to run and to be a control node");
        }

        if (SigningRequest.Read(requestPem, out var problem) is not { } request)
        {
            return IssuanceResult.Refused(problem!);
        }

        if (request.Names.FirstOrDefault(name => !MayServe(name)) is { } foreign)
        {
            return IssuanceResult.Refused(
                $"'{foreign}' is below no base domain and is no domain of a public service: set warp.ingress.base-domain or base-urls alike on all nodes, or deploy the service first");
        }

        try
        {
            using var authority = ClusterAuthority.Load(data, time);
            return IssuanceResult.Issued(authority.IssueServer(request));
        }
        catch (OperatorException failure)
        {
            return IssuanceResult.Refused(failure.Message);
        }
    }

    private bool MayServe(string name) =>
        domains.All.Any(domain => string.Equals(name, domain, StringComparison.Ordinal) || name.EndsWith($".{domain}", StringComparison.Ordinal))
        || routes.Hosts.Contains(name, StringComparer.Ordinal);
}
