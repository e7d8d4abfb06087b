using System.Collections.Immutable;

namespace Warp.Node.Docker;

/// <summary>The logins at image registries that this runner may use.</summary>
internal interface IRegistryLogins
{
    /// <summary>The login for one registry.</summary>
    /// <param name="registry">Host and port; "docker.io" for the hub.</param>
    LoginSearch Find(string registry);

    /// <summary>Every login, for a build, whose base images may come from anywhere.</summary>
    ImmutableArray<RegistryLogin> All();
}

/// <summary>A login; secret.</summary>
/// <param name="Registry">Host and port; "docker.io" for the hub.</param>
/// <param name="Username">The user.</param>
/// <param name="Password">The password or token.</param>
internal sealed record RegistryLogin(string Registry, string Username, string Password)
{
    /// <summary>Names the user only: a record's own text would print the password.</summary>
    public override string ToString() => $"login of {Username} at {Registry}";
}

/// <summary>What is known of a login.</summary>
/// <param name="Login">The login; null when there is none that can be used.</param>
/// <param name="Problem">Why one that is there cannot be used, for a person, with the next step; null otherwise.</param>
internal readonly record struct LoginSearch(RegistryLogin? Login, string? Problem = null);

/// <summary>A login as the engine takes it (Docker Engine API, "Authentication").</summary>
internal sealed record EngineLogin(string Username, string Password, string ServerAddress);
