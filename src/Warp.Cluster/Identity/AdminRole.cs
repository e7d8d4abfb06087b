using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Warp.Cluster.Identity;

/// <summary>
/// What an administrator's certificate allows: everything, only reading, or reading and changing the deployments of some projects. It is part of the certificate's identity
/// (<see cref="WarpIdentity"/>), so that a node of a version without roles refuses the certificate instead of letting it do everything.
/// </summary>
public sealed record AdminRole
{
    /// <summary>The most projects that a role may name.</summary>
    public const int MaxProjects = 50;

    private const string ReadWord = "read";
    private const string DeployWord = "deploy";

    // The part of the URI; it decides about equality too.
    private readonly string _path;

    private AdminRole(string path) => _path = path;

    /// <summary>Everything.</summary>
    public static AdminRole Administer { get; } = new("");

    /// <summary>Seeing everything but secrets, and changing nothing.</summary>
    public static AdminRole Read { get; } = new(ReadWord);

    /// <summary>The projects whose deployments may be changed; empty for the other roles.</summary>
    public ImmutableArray<string> Projects => [.. _path.Split('/').Skip(1).Select(Uri.UnescapeDataString)];

    /// <summary>What follows the name in the identity's URI; empty for <see cref="Administer"/>.</summary>
    internal string Path => _path;

    /// <summary>Whether it allows everything.</summary>
    public bool MayAdminister => this == Administer;

    /// <summary>Reading, and changing the deployments of these projects.</summary>
    /// <param name="projects">Project labels.</param>
    /// <param name="role">The role, when the answer is true.</param>
    /// <param name="problem">What is wrong with the projects, for a person, when the answer is false.</param>
    public static bool TryDeploy(IEnumerable<string> projects, [NotNullWhen(true)] out AdminRole? role, [NotNullWhen(false)] out string? problem)
    {
        ImmutableArray<string> named = [.. projects.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        problem = named switch
        {
            [] => "name at least one project",
            { Length: > MaxProjects } => $"a role names at most {MaxProjects} projects",
            _ => named.FirstOrDefault(project => !IsProject(project)) is { } wrong ? $"'{wrong}' is not the name of a project: use 1 to 100 characters without control characters, and neither '.' nor '..'" : null,
        };
        role = problem is null ? new AdminRole($"{DeployWord}/{string.Join('/', named.Select(Uri.EscapeDataString))}") : null;
        return role is not null;
    }

    /// <summary>Whether deployments of the project may be changed.</summary>
    public bool MayDeploy(string project) => MayAdminister || Projects.Contains(project, StringComparer.Ordinal);

    /// <summary>For a person.</summary>
    public override string ToString() => _path switch
    {
        "" => "administer",
        ReadWord => ReadWord,
        _ => $"{DeployWord} ({string.Join(", ", Projects)})",
    };

    /// <summary>Reads what follows the name in the identity's URI; anything but the exact form is refused.</summary>
    internal static AdminRole? FromPath(ReadOnlySpan<string> parts) => parts switch
    {
        [] => Administer,
        [ReadWord] => Read,
        [DeployWord, .. var projects] when TryDeploy(projects.ToArray().Select(Uri.UnescapeDataString), out var role, out _) && role._path.Split('/').AsSpan(1).SequenceEqual(projects) => role,
        _ => null,
    };

    // Dots alone are steps in a URI's path (RFC 3986, 5.2.4), and half of a surrogate pair has no UTF-8.
    private static bool IsProject(string text) =>
        text is not ("." or "..") && LabelRule.Problem(text) is null && string.Equals(Uri.UnescapeDataString(Uri.EscapeDataString(text)), text, StringComparison.Ordinal);
}
