using System.Collections.Immutable;

namespace Warp.Cluster.Protocol;

/// <summary>A login at an image registry. Its password is sealed with the cluster's key, which no control node's journal and no message ever holds.</summary>
/// <param name="Registry">Host, and port if it has one, lower case; "docker.io" for the hub.</param>
/// <param name="Username">The user.</param>
/// <param name="Secret">The sealed password.</param>
/// <param name="ChangedAt">When it was given.</param>
public sealed record SealedLogin(string Registry, string Username, string Secret, DateTimeOffset ChangedAt);

/// <summary>Keep this login instead of the registry's earlier one; answered by <see cref="RegistryLogins"/> or <see cref="RegistryLoginRefused"/>.</summary>
public sealed record KeepRegistryLogin(SealedLogin Login) : IWarpMessage;

/// <summary>Forget the login; answered by <see cref="RegistryLogins"/>, <see cref="RegistryLoginUnknown"/> or <see cref="RegistryLoginRefused"/>.</summary>
public sealed record ForgetRegistryLogin(string Registry) : IWarpMessage;

/// <summary>Asks for all logins; answered by <see cref="RegistryLogins"/>.</summary>
public sealed record ListRegistryLogins : IWarpMessage;

/// <summary>All logins, by registry. Also sent to every runner, on change and on a timer, where it replaces what the runner had.</summary>
public sealed record RegistryLogins(ImmutableArray<SealedLogin> Logins) : IWarpMessage;

/// <summary>There is no login for that registry.</summary>
public sealed record RegistryLoginUnknown(string Registry) : IWarpMessage;

/// <summary>Nothing was changed.</summary>
/// <param name="Reason">Cause and next step, for a person.</param>
public sealed record RegistryLoginRefused(string Reason) : IWarpMessage;
