using System.Collections.Immutable;

namespace Warp.Node.Configuration;

/// <summary>The domains that public URLs are under; the same on all nodes.</summary>
/// <param name="Default">For services that name none; null when there is none.</param>
/// <param name="ById">By the id that a service's <c>deployment.baseUrl.id</c> names.</param>
public sealed record BaseDomains(string? Default, ImmutableSortedDictionary<string, string> ById)
{
    /// <summary>No domain at all.</summary>
    public static BaseDomains None { get; } = new(null, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>Whether nobody has set any.</summary>
    public bool IsEmpty => Default is null && ById.IsEmpty;

    /// <summary>Each domain once, in a stable order.</summary>
    public IEnumerable<string> All => (Default is null ? [] : new[] { Default }).Concat(ById.Values).Distinct(StringComparer.Ordinal);

    /// <summary>The domain of an id, or the default one for null; null when there is none.</summary>
    public string? Of(string? id) => id is null ? Default : ById.GetValueOrDefault(id);
}
