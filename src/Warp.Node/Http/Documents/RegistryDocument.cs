using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Node.Http.Documents;

/// <summary>A login at an image registry; the password never leaves the cluster.</summary>
/// <param name="Registry">Host and port.</param>
/// <param name="Username">The user.</param>
/// <param name="ChangedAt">When it was given.</param>
internal sealed record RegistryDocument(string Registry, string Username, DateTimeOffset ChangedAt)
{
    public static RegistryDocument From(SealedLogin login) => new(login.Registry, login.Username, login.ChangedAt);
}

/// <summary>Every login, by registry.</summary>
internal sealed record RegistryListDocument(ImmutableArray<RegistryDocument> Registries);

/// <summary>What a user gives; secret.</summary>
/// <param name="Username">The user.</param>
/// <param name="Password">Password or token.</param>
internal sealed record RegistryLoginRequest(string? Username, string? Password)
{
    /// <summary>Names the user only: a record's own text would print the password.</summary>
    public override string ToString() => $"login of {Username}";
}
