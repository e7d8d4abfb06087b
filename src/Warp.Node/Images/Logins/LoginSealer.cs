using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Images.Logins;

/// <summary>Seals a login that a user gives to this node, before it goes anywhere else.</summary>
/// <param name="data">Holds the cluster key.</param>
/// <param name="clock">The time.</param>
public sealed class LoginSealer(DataFolder data, TimeProvider clock)
{
    /// <summary>Seals.</summary>
    /// <param name="registry">As <see cref="SealedLogin.Registry"/>.</param>
    /// <param name="username">The user.</param>
    /// <param name="password">The secret.</param>
    /// <param name="problem">Why it cannot be done here, for a person, as half a sentence; null when it is done.</param>
    public SealedLogin? Seal(string registry, string username, string password, out string? problem) =>
        ClusterKey.Read(data, out problem) is { } key
            ? new SealedLogin(registry, username, LoginSeal.Seal(key, registry, username, password), clock.GetUtcNow())
            : null;
}
