namespace Warp.Node.Diagnosis;

/// <summary>What one look at one thing came to.</summary>
/// <param name="Check">What was looked at: one word, such as "engine", or "peer r2".</param>
/// <param name="Level">How it is.</param>
/// <param name="Message">What was seen, with figures, for a person.</param>
/// <param name="Remedy">What to do; null when there is nothing to do.</param>
public sealed record Finding(string Check, FindingLevel Level, string Message, string? Remedy = null)
{
    internal static Finding Ok(string check, string message) => new(check, FindingLevel.Ok, message);

    internal static Finding Warning(string check, string message, string remedy) => new(check, FindingLevel.Warning, message, remedy);

    internal static Finding Problem(string check, string message, string remedy) => new(check, FindingLevel.Problem, message, remedy);
}

/// <summary>How something is.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and will not under circumstances that are likely to come.</summary>
    Warning,

    /// <summary>Something does not work now.</summary>
    Problem,
}
