using Akka.Configuration;

namespace Warp.Node.Configuration;

/// <summary><c>warp.management.audit</c>: how much is kept of who changed what.</summary>
/// <param name="MaxFileBytes">How large a file may become; then a new one is begun.</param>
/// <param name="Files">How many files are kept, with the one that is written.</param>
public sealed record AuditSettings(long MaxFileBytes, int Files)
{
    /// <summary>The shipped ones.</summary>
    public static AuditSettings Default { get; } = new(16 * Mebibyte, 8);

    private const long Mebibyte = 1024 * 1024;

    /// <summary>Reads checked configuration.</summary>
    internal static AuditSettings From(Config config) => new(config.GetInt(SettingKeys.AuditFileSize) * Mebibyte, config.GetInt(SettingKeys.AuditFiles));
}
