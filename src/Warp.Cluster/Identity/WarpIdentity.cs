using System.Diagnostics.CodeAnalysis;

namespace Warp.Cluster.Identity;

/// <summary>
/// Who a certificate speaks for: the URI in its subject alternative name, <c>warp://CLUSTER/runner/NAME</c>, <c>warp://CLUSTER/tunnel/NAME</c>,
/// <c>warp://CLUSTER/admin/NAME</c>, <c>warp://CLUSTER/admin/NAME/read</c> or <c>warp://CLUSTER/admin/NAME/deploy/PROJECT/PROJECT</c>
/// (the form of a SPIFFE id with our own scheme: https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md).
/// </summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Kind">What the name names.</param>
/// <param name="Name">The runner's id or the administrator's name.</param>
/// <param name="Role">What an administrator may do; null for nodes, which have no role.</param>
public sealed record WarpIdentity(string Cluster, WarpIdentityKind Kind, string Name, AdminRole? Role = null)
{
    /// <summary>The URI scheme.</summary>
    public const string Scheme = "warp";

    /// <summary>Reads the URI; anything but the exact form is refused.</summary>
    public static bool TryParse(string? uri, [NotNullWhen(true)] out WarpIdentity? identity)
    {
        identity = null;
        const string prefix = Scheme + "://";
        if (uri is null || !uri.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = uri[prefix.Length..].Split('/');
        if (parts is not [{ Length: > 0 } cluster, var kind, { Length: > 0 } name, .. var rest])
        {
            return false;
        }

        WarpIdentityKind? known = kind switch
        {
            "runner" => WarpIdentityKind.Runner,
            "tunnel" => WarpIdentityKind.Tunnel,
            "admin" => WarpIdentityKind.Admin,
            _ => null,
        };
        var role = known == WarpIdentityKind.Admin ? AdminRole.FromPath(rest) : null;
        var complete = known == WarpIdentityKind.Admin ? role is not null : rest is [];
        identity = known is { } found && complete && RunnerId.TryParse(name, out _, out _) ? new WarpIdentity(cluster, found, name, role) : null;
        return identity is not null;
    }

    /// <summary>The URI form.</summary>
    public override string ToString() => $"{Scheme}://{Cluster}/{Word}/{Name}{(Role is { Path.Length: > 0 } limited ? $"/{limited.Path}" : "")}";

    private string Word => Kind switch
    {
        WarpIdentityKind.Runner => "runner",
        WarpIdentityKind.Tunnel => "tunnel",
        _ => "admin",
    };
}

/// <summary>What a certificate's identity names.</summary>
public enum WarpIdentityKind
{
    /// <summary>A runner's node process.</summary>
    Runner,

    /// <summary>A runner's end of tunnels: such a certificate opens trunks and nothing else, so that it cannot be used to get another one.</summary>
    Tunnel,

    /// <summary>A person or program that manages the cluster.</summary>
    Admin,
}
