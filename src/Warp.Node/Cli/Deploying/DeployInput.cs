using System.Text.Json.Nodes;
using Warp.Node.Cli.Configuration;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Deploying;

/// <summary>What <c>warp deploy</c> and <c>warp plan</c> send: the deployment's name and its services, read and checked, with what the command line changes.</summary>
/// <param name="Name">The deployment.</param>
/// <param name="Services">In the order of the folders; one whose image has to be built has no image yet.</param>
/// <param name="Labels">What else the document says: <c>project</c> and <c>environment</c>.</param>
/// <param name="Warnings">For standard error; never null.</param>
internal sealed record DeployInput(string Name, IReadOnlyList<ServiceConfig> Services, JsonObject Labels, IReadOnlyList<string> Warnings)
{
    /// <summary>Stands for an image that is not built yet: a plan needs a name.</summary>
    public const string Unbuilt = "warp.build/unbuilt";

    /// <summary>The services whose image has to be built.</summary>
    public IEnumerable<ServiceConfig> Builds => Services.Where(service => service.Build is not null);

    /// <summary>Reads service folders, configuration files, or one deployment document.</summary>
    /// <param name="paths">As on the command line; none means the present folder.</param>
    /// <param name="name">From <c>--name</c>; null: the document's own name, else the folder's (of several: their parent's).</param>
    /// <param name="overrides">What wins over the files.</param>
    /// <param name="local">Looks into the environment of who deploys.</param>
    /// <exception cref="OperatorException">Something cannot be read or is wrong; the message names file, line and all problems.</exception>
    public static DeployInput Read(IReadOnlyList<string> paths, string? name, DeployOverrides overrides, Func<string, string?> local)
    {
        var full = paths.DefaultIfEmpty(".").Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))).ToList();
        var problems = new ConfigProblems();
        var document = full is [var only] && File.Exists(only) ? DeploymentFile.Read(only, problems) : null;
        var services = document?.Services ?? [.. full.SelectMany(path => ConfigFolder.Read(path, local, problems))];
        problems.ThrowIfAny();
        overrides.Apply(services);
        var input = new DeployInput(name ?? document?.Name ?? DefaultName(full), services, document?.Labels ?? [], problems.Warnings);
        LocalCheck.Run(input, problems);
        problems.ThrowIfAny();
        return input;
    }

    /// <summary>The API's document.</summary>
    /// <param name="images">The images that were built, by the service's name; a build that is missing here stands as one that has not been done.</param>
    public string Document(IReadOnlyDictionary<string, string> images)
    {
        var entries = new JsonArray();
        foreach (var service in Services)
        {
            var entry = service.Entry.DeepClone().AsObject();
            if (service.Build is not null)
            {
                entry["image"] = images.GetValueOrDefault(service.Name, Unbuilt);
            }

            entries.Add((JsonNode)entry);
        }

        var document = Labels.DeepClone().AsObject();
        document["services"] = entries;
        return document.ToJsonString();
    }

    private static string DefaultName(List<string> paths)
    {
        var folders = paths.Select(path => File.Exists(path) ? Path.GetDirectoryName(path) : path).Distinct(StringComparer.Ordinal).ToList();
        return Path.GetFileName(folders is [var only] ? only : Path.GetDirectoryName(folders[0])) ?? "";
    }
}
