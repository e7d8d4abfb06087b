using Akka.Configuration;

namespace Warp.Node.Configuration;

/// <summary><c>warp.management.rate-limit</c>: how much one caller may ask of the management API.</summary>
/// <param name="RequestsPerSecond">Over a longer time; 0: as much as it likes.</param>
/// <param name="Burst">At once, after a pause.</param>
public sealed record RateLimitSettings(int RequestsPerSecond, int Burst)
{
    /// <summary>The shipped ones.</summary>
    public static RateLimitSettings Default { get; } = new(100, 1000);

    /// <summary>Reads checked configuration.</summary>
    internal static RateLimitSettings From(Config config) => new(config.GetInt(SettingKeys.RequestsPerSecond), Math.Max(1, config.GetInt(SettingKeys.RequestBurst)));
}
