using System.Collections.Immutable;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Docker;
using Warp.Node.Security;

namespace Warp.Node.Images.Logins;

/// <summary>The cluster's logins, opened at the moment that they are used; for a registry without one, what <c>docker login</c> left on this runner.</summary>
/// <param name="data">Holds the cluster key.</param>
/// <param name="file">The sealed logins.</param>
/// <param name="otherwise">The runner's own.</param>
internal sealed class ClusterLogins(DataFolder data, RegistryLoginFile file, IRegistryLogins otherwise) : IRegistryLogins
{
    /// <inheritdoc/>
    public LoginSearch Find(string registry)
    {
        var ours = file.Current.FirstOrDefault(login => string.Equals(login.Registry, registry, StringComparison.OrdinalIgnoreCase));
        return ours is null ? otherwise.Find(registry) : Open(ours);
    }

    /// <inheritdoc/>
    public ImmutableArray<RegistryLogin> All() =>
        [.. file.Current.Select(login => Open(login).Login).OfType<RegistryLogin>().Concat(otherwise.All()).DistinctBy(login => login.Registry, StringComparer.OrdinalIgnoreCase)];

    private LoginSearch Open(SealedLogin login)
    {
        if (ClusterKey.Read(data, out var problem) is not { } key)
        {
            return new LoginSearch(null, $"the cluster's login for it cannot be opened: {problem}");
        }

        return LoginSeal.Open(key, login.Registry, login.Username, login.Secret) is { } password
            ? new LoginSearch(new RegistryLogin(login.Registry, login.Username, password))
            : new LoginSearch(null, $"the cluster's login for it was sealed with another key than {data.ClusterKey}: copy that file again from the node that made the cluster, and give the login once more");
    }
}
