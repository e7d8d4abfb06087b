using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Warp.Cluster.Specs;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Deploying;

/// <summary>A folder with one service's <c>warp.config.json</c>, as an entry of the API's <c>services</c>.</summary>
internal static class ServiceFolder
{
    /// <summary>The file that describes a service.</summary>
    public const string FileName = "warp.config.json";

    private static readonly ImmutableArray<string> Known =
        ["container", "docker", "image", "args", "variables", "deployment", "runner", "pull", "stopGraceSeconds"];

    private static readonly ImmutableArray<string> KnownOfDeployment = ["port", "variables"];

    /// <exception cref="OperatorException">The folder holds no such file, or the file is wrong.</exception>
    public static JsonObject Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            throw new OperatorException(ExitCode.NotFound, Missing(folder));
        }

        var config = JsonFile.Read(file);
        var deployment = Child(config, "deployment", file);
        CheckNames(config, Known, "", file);
        CheckNames(deployment, KnownOfDeployment, "deployment.", file);
        if (config["container"] is not null && config["docker"] is not null)
        {
            throw Wrong(file, "'container' and 'docker' are two spellings of the service's name: keep one.");
        }

        var service = new JsonObject
        {
            ["name"] = (config["container"] ?? config["docker"])?.DeepClone() ?? Path.GetFileName(folder),
            ["image"] = Image(config["image"], file),
        };
        foreach (var same in (ReadOnlySpan<string>)["args", "runner", "pull", "stopGraceSeconds"])
        {
            Copy(config[same], service, same);
        }

        Copy(deployment["port"], service, "port");
        Copy(Variables(config, deployment, file), service, "variables");
        return service;
    }

    private static JsonNode? Image(JsonNode? image, string file) => image switch
    {
        JsonObject named when named["name"] is { } name && named.Count == 1 => name.DeepClone(),
        JsonObject => throw Wrong(file, "'image' takes one attribute, 'name', such as { \"name\": \"nginx:latest\" }."),
        null => throw Wrong(file, "'image' is missing: name the image to run, such as { \"image\": { \"name\": \"nginx:latest\" } }. Build it with 'docker build' on the runner, or let it be pulled."),
        _ => image.DeepClone(),
    };

    // The deployment's variables win over the service's of the same name.
    private static JsonObject? Variables(JsonObject config, JsonObject deployment, string file)
    {
        if (config["variables"] is null && deployment["variables"] is null)
        {
            return null;
        }

        var all = Child(config, "variables", file).DeepClone().AsObject();
        foreach (var (name, value) in Child(deployment, "variables", file))
        {
            all[name] = value?.DeepClone();
        }

        return all;
    }

    private static JsonObject Child(JsonObject parent, string name, string file) => parent[name] switch
    {
        null => [],
        JsonObject child => child,
        _ => throw Wrong(file, $"'{name}' is to be an object {{ ... }}."),
    };

    private static void Copy(JsonNode? value, JsonObject target, string name)
    {
        if (value is not null)
        {
            target[name] = value.DeepClone();
        }
    }

    private static void CheckNames(JsonObject here, ImmutableArray<string> known, string prefix, string file)
    {
        foreach (var (name, _) in here)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                var hint = NearestName.Of(name, known) is { } near ? $" Did you mean '{prefix}{near}'?" : $" Known are: {string.Join(", ", known)}.";
                throw Wrong(file, $"there is no attribute '{prefix}{name}'.{hint}");
            }
        }
    }

    private static string Missing(string folder) =>
        !Directory.Exists(folder) ? $"There is no file or folder {folder}."
        : File.Exists(Path.Combine(folder, "warp.config.js")) ? $"{folder} has a warp.config.js; this version reads {FileName}: write the same object there as JSON."
        : $"{folder} has no {FileName}. Write one, such as {{ \"container\": \"{Path.GetFileName(folder)}\", \"image\": {{ \"name\": \"...\" }} }}.";

    private static OperatorException Wrong(string file, string what) => new(ExitCode.Usage, $"{file}: {what}");
}
