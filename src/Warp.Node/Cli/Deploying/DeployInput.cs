using System.Text.Json;
using System.Text.Json.Nodes;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Deploying;

/// <summary>What <c>warp deploy</c> sends: the deployment's name, and its document with what the command line changes.</summary>
/// <param name="Name">The deployment.</param>
/// <param name="Document">The API's document; the node checks its content.</param>
internal sealed record DeployInput(string Name, string Document)
{
    /// <summary>Reads one deployment file, or one or more service folders.</summary>
    /// <param name="paths">As on the command line; at least one.</param>
    /// <param name="name">From <c>--name</c>; null: the file's own name, else the folder's (of several: their parent's).</param>
    /// <param name="runners">From <c>--runner</c>: <c>SERVICE=RUNNER</c> each.</param>
    /// <exception cref="OperatorException">Something cannot be read; the message names the file.</exception>
    public static DeployInput Read(IReadOnlyList<string> paths, string? name, IEnumerable<string> runners)
    {
        var full = paths.Select(path => Path.GetFullPath(path.Length > 1 ? path.TrimEnd('/') : path)).ToList();
        var (document, ownName) = full switch
        {
            [var file] when File.Exists(file) => FromFile(file),
            [var folder] => (FromFolders(full), Path.GetFileName(folder)),
            _ => (FromFolders(full), Path.GetFileName(Path.GetDirectoryName(full[0])) ?? ""),
        };
        Place(document, runners);
        return new DeployInput(name ?? ownName, document.ToJsonString());
    }

    private static (JsonObject Document, string Name) FromFile(string file)
    {
        var document = JsonFile.Read(file);
        if (document["services"] is not JsonArray)
        {
            throw new OperatorException(ExitCode.Usage, $"{file} has no list 'services'. For one service give its folder instead: 'warp deploy {Path.GetDirectoryName(file)}'.");
        }

        var name = document["name"] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        document.Remove("name");
        return (document, name ?? Path.GetFileName(Path.GetDirectoryName(file)) ?? "");
    }

    private static JsonObject FromFolders(IReadOnlyList<string> folders) =>
        new() { ["services"] = new JsonArray([.. folders.Select(ServiceFolder.Read)]) };

    private static void Place(JsonObject document, IEnumerable<string> runners)
    {
        var services = document["services"]!.AsArray().OfType<JsonObject>().ToList();
        foreach (var text in runners)
        {
            // A service's name may hold '=', a runner's may not.
            var split = text.LastIndexOf('=');
            if (split <= 0 || split == text.Length - 1)
            {
                throw new OperatorException(ExitCode.Usage, $"--runner {text}: write it as SERVICE=RUNNER.");
            }

            var service = services.FirstOrDefault(one => one["name"] is JsonValue name && string.Equals(name.ToString(), text[..split], StringComparison.Ordinal))
                ?? throw new OperatorException(
                    ExitCode.Usage, $"--runner {text}: there is no service '{text[..split]}' here; there are: {string.Join(", ", services.Select(one => one["name"]))}.");
            service["runner"] = text[(split + 1)..];
        }
    }
}
