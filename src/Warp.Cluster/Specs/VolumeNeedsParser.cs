using System.Collections.Immutable;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Specs;

/// <summary>Reads a service's <c>volumes</c>: an array of <c>{ "id", "path", "mode"?: "rw" or "ro", "description"? }</c>.</summary>
internal static class VolumeNeedsParser
{
    private const int MaxVolumes = 50;
    private const int MaxDescription = 500;
    private static readonly ImmutableArray<string> Fields = ["id", "path", "mode", "description"];

    /// <summary>Empty when absent.</summary>
    public static ImmutableArray<VolumeNeed> Read(JsonFields service, List<SpecProblem> problems)
    {
        var items = service.Items("volumes") ?? [];
        if (items.Length > MaxVolumes)
        {
            service.Report("volumes", $"a service has at most {MaxVolumes} volumes, this one has {items.Length}");
            return [];
        }

        var paths = new HashSet<string>(StringComparer.Ordinal);
        var needs = ImmutableArray.CreateBuilder<VolumeNeed>();
        for (var i = 0; i < items.Length; i++)
        {
            var fields = JsonFields.Of(items[i], $"{service.Path}.volumes[{i}]", Fields, problems);
            if (fields.IsObject && Read(fields) is { } need)
            {
                needs.Add(need);
                if (!paths.Add(need.Path))
                {
                    fields.Report("path", $"two volumes are mounted at {need.Path}; give each its own path");
                }
            }
        }

        return needs.ToImmutable();
    }

    private static VolumeNeed? Read(JsonFields fields)
    {
        var id = Checked(fields, "id", fields.RequiredText("id"), SpecValidator.IdProblem);
        var path = Checked(fields, "path", fields.RequiredText("path"), SpecValidator.MountPathProblem);
        var description = Checked(fields, "description", fields.Text("description"), text => text.Length <= MaxDescription ? null : $"a description has at most {MaxDescription} characters");
        var mode = Checked(fields, "mode", fields.Text("mode"), text => text is "ro" or "rw" ? null : $"'{text}' is no mode of a volume; use ro or rw");
        return id is null || path is null ? null : new VolumeNeed(id, path, mode is "ro", description);
    }

    private static string? Checked(JsonFields fields, string field, string? text, Func<string, string?> rule)
    {
        if (text is not null && rule(text) is { } problem)
        {
            fields.Report(field, problem);
            return null;
        }

        return text;
    }
}
